import path from 'node:path';
import ts from 'typescript';
import { expectedGot } from '../../../native/expected-got.mjs';
import { version } from '../../../sdk/index.ts';
import { describeSymbol } from './describe-symbol.ts';
import { findDefaults } from './find-defaults.ts';
import type { Surface, SurfaceSymbol } from './types.ts';

const menus = { root: 'sdk/index.ts', types: 'sdk/types.ts' } as const;

/**
 * Reads the public surface of our SDK from its menus, with the TypeScript compiler.
 * @throws Error if a menu cannot be read
 */
export function readTypeScriptSurface(repository: string): Surface {
  const config = ts.getParsedCommandLineOfConfigFile(path.join(repository, 'tsconfig.json'), {}, host);
  const files = Object.values(menus).map((menu) => path.join(repository, menu));
  const program = ts.createProgram(files, config?.options ?? {});
  const checker = program.getTypeChecker();
  const own = program
    .getSourceFiles()
    .filter(({ fileName }) => path.resolve(fileName).startsWith(path.join(repository, 'sdk', path.sep)));
  const defaults = findDefaults(own, checker);
  const symbols: SurfaceSymbol[] = [];
  for (const [module, menu] of Object.entries(menus) as ['root' | 'types', string][]) {
    const file = program.getSourceFile(path.join(repository, menu));
    const exports = file && checker.getSymbolAtLocation(file);
    if (!exports)
      throw new Error(expectedGot('reading the surface of the SDK', `a module with exports in ${menu}`, 'none'));
    for (const entry of checker.getExportsOfModule(exports)) {
      const target = entry.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(entry) : entry;
      symbols.push({
        module,
        name: entry.name,
        ...describeSymbol(target, { checker, defaults, inTypes: module === 'types' }),
      });
    }
  }
  return { version, symbols };
}

const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
