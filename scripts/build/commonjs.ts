import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { entries } from './package-json.ts';

/** Where the CommonJS modules are in the package: a tree of its own beside the ES modules. */
const folder = 'cjs';

/**
 * Makes the CommonJS modules of a package that is compiled to ES modules, for hosts that cannot load those: Jest's own loader, and TypeScript in
 * CommonJS projects. Node itself takes the ES modules for `require` too, so that a program has one copy of each class.
 * @param out the package's folder, compiled
 * @throws Error when a module cannot be read or written
 */
export function writeCommonJs(out: string): void {
  for (const module of modulesOf(out)) {
    const target = join(out, folder, module);
    mkdirSync(dirname(target), { recursive: true });
    const { text, map } = commonJs(out, module);
    writeFileSync(target, text);
    writeFileSync(`${target}.map`, map);
  }
  const program = ts.createProgram(
    Object.values(entries).map((entry) => join(out, `${entry}.d.ts`)),
    { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, types: ['node'], skipLibCheck: true },
  );
  for (const entry of Object.values(entries))
    writeFileSync(join(out, folder, `${entry}.d.ts`), declarations(program, out, entry));
  writeFileSync(join(out, folder, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
}

function modulesOf(out: string): string[] {
  const entryModules = Object.values(entries).map((entry) => `${entry}.js`);
  return [
    ...entryModules,
    ...readdirSync(join(out, 'chunks'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => `chunks/${name}`),
  ];
}

/** One module. What it finds beside itself (the lock, the fake engine, the tee) stays where it is: its place is that of the ES module. */
function commonJs(out: string, module: string): { text: string; map: string } {
  const code = readFileSync(join(out, module), 'utf8').replace(/\/\/# sourceMappingURL=.*\s*$/, '');
  // A module that only passes on the names of others has none.
  const ofSources = existsSync(join(out, `${module}.map`)) ? readFileSync(join(out, `${module}.map`)) : '{}';
  const usesPlace = code.includes('import.meta');
  const inline = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(ofSources).toString('base64')}`;
  const { code: made, map } = transformSync(`${code}\n${inline}\n`, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    sourcefile: module,
    sourcemap: 'external',
    // They are in the maps of the ES modules.
    sourcesContent: false,
    // Jest's loader has no `import()`.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__place', 'import.meta.dirname': '__folder' },
  });
  const up = posix.relative(posix.dirname(`/${folder}/${module}`), `/${module}`);
  const place = [
    `const __file = require('node:path').join(__dirname, ${JSON.stringify(up)});`,
    "const __place = require('node:url').pathToFileURL(__file).href;",
    "const __folder = require('node:path').dirname(__file);",
  ];
  const text = made
    // An optional peer: bundlers must not look for it.
    .replace(
      /require\(\s*(?:\/\*.*?\*\/\s*)*("(?!node:|\.)[^"]+")\s*\)/g,
      'Reflect.get(module, "require").call(module, $1)',
    );
  const head = ['"use strict";', ...(usesPlace ? place : [])];
  const { mappings, sources, ...rest } = JSON.parse(map) as { mappings: string; sources: string[] };
  return {
    text: [...head, text, `//# sourceMappingURL=${posix.basename(module)}.map`, ''].join('\n'),
    map: JSON.stringify({
      ...rest,
      sources: sources.map((one) => `../${one}`),
      mappings: ';'.repeat(head.length) + mappings,
    }),
  };
}

/**
 * The types of an entry for CommonJS: the names of the ES module's own, so that a `Codex` is one type for both kinds of importer.
 * A name that is a value as well becomes both, since a re-export of types has no values.
 */
function declarations(program: ts.Program, out: string, entry: string): string {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(out, `${entry}.d.ts`));
  const symbol = source && checker.getSymbolAtLocation(source);
  if (!symbol) throw new Error(`Building the package: expected exports in ${entry}.d.ts, got none`);
  const from = posix.relative(posix.dirname(`${folder}/${entry}`), `${entry}.js`);
  const mode = "with { 'resolution-mode': 'import' }";
  const lines = [`import type * as esm from '${from}' ${mode};`];
  const types: string[] = [];
  for (const exported of checker.getExportsOfModule(symbol)) {
    const { name } = exported;
    const { flags } = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const isType = (flags & ts.SymbolFlags.Type) !== 0;
    const isValue = (flags & ts.SymbolFlags.Value) !== 0 && !isTypeOnly(exported);
    if (!isValue) types.push(name);
    else {
      lines.push(`export declare const ${name}: typeof esm.${name};`);
      if (isType) lines.push(`export type ${name} = esm.${name};`);
    }
  }
  if (types.length > 0) lines.push(`export type { ${types.join(', ')} } from '${from}' ${mode};`);
  return `${lines.join('\n')}\n`;
}

function isTypeOnly(exported: ts.Symbol): boolean {
  return (exported.declarations ?? []).some(
    (one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly),
  );
}
