import { join } from 'node:path';
import ts from 'typescript';
import { expectedGot } from '../../native/expected-got.mjs';

/**
 * Compiles modules and all that they import to JavaScript with types; tests and fixtures are imported by none, so they stay out.
 * @param modules relative to the root
 * @throws Error with the compiler's own words when a module has an error; nothing is written then
 */
export function compile(root: string, modules: readonly string[], outDir: string): void {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => refuse([diagnostic]),
  };
  const overrides: ts.CompilerOptions = {
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    noEmitOnError: true,
    rootDir: root,
    outDir,
  };
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), overrides, host);
  if (config === undefined)
    throw new Error(expectedGot('building the package', 'a tsconfig.json in the repository', 'none'));
  const program = ts.createProgram(
    modules.map((module) => join(root, module)),
    config.options,
  );
  const write: ts.WriteFileCallback = (file, text, byteOrderMark) =>
    ts.sys.writeFile(file, /\.d\.m?ts$/.test(file) ? publishedSpecifiers(text) : text, byteOrderMark);
  const problems = [...ts.getPreEmitDiagnostics(program), ...program.emit(undefined, write).diagnostics];
  if (problems.length > 0) refuse(problems);
}

/** The compiler rewrites `./x.ts` to `./x.js` in JavaScript alone; in types, not every tool finds `./x.d.ts` behind it. */
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
