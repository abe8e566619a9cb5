import { join } from 'node:path';
import ts from 'typescript';
import { expectedGot } from '../../native/expected-got.mjs';
import { entries } from './package-json.ts';

/**
 * Writes the types of the entries and of all that they import, one file for each module, so that an editor's "go to
 * definition" leads to the page where a name is explained. Tests and fixtures are imported by none, so they stay out.
 * @throws Error with the compiler's own words when a module has an error; nothing is written then
 */
export function writeTypes(root: string, outDir: string): void {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => refuse([diagnostic]),
  };
  const overrides: ts.CompilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noEmitOnError: true,
    rootDir: root,
    outDir,
  };
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), overrides, host);
  if (config === undefined)
    throw new Error(expectedGot('building the package', 'a tsconfig.json in the repository', 'none'));
  const program = ts.createProgram(
    Object.values(entries).map((module) => join(root, `${module}.ts`)),
    config.options,
  );
  const write: ts.WriteFileCallback = (file, text, byteOrderMark) =>
    ts.sys.writeFile(file, publishedSpecifiers(text), byteOrderMark);
  const problems = [...ts.getPreEmitDiagnostics(program), ...program.emit(undefined, write).diagnostics];
  if (problems.length > 0) refuse(problems);
}

/** Not every tool finds `./x.d.ts` behind `./x.ts`. */
function publishedSpecifiers(types: string): string {
  return types.replace(/((?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2');
}

function refuse(problems: readonly ts.Diagnostic[]): never {
  const host = {
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getCanonicalFileName: (name: string) => name,
    getNewLine: () => '\n',
  };
  throw new Error(`Building the package: it does not compile\n${ts.formatDiagnostics(problems, host)}`);
}
