import { chmodSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type ChunkingContext, type OutputOptions, type Plugin, rolldown } from 'rolldown';
import { expectedGot } from '../../native/expected-got.mjs';
import { bin, bridges, entries } from './package-json.ts';

/** Started as a program: one file, which shares nothing with the rest. */
const tee = 'testing/engine/tee';

/** What the client loads when it connects. */
const session = 'sdk/client/session.ts';

/**
 * Writes the package's JavaScript: one file for each entry, what they share in `chunks/`, and what is loaded only when
 * it is used in chunks of its own. Each file has a source map with the sources in it, so that a stack trace under
 * `--enable-source-maps` and a debugger show the modules.
 * @throws Error if a module cannot be bundled, or finds files from the wrong place
 */
export async function bundle(root: string, folder: string): Promise<void> {
  const inputOf = (modules: readonly string[]) =>
    Object.fromEntries(modules.map((module) => [module, source(root, module)]));
  const input = inputOf(Object.values(entries).filter((module) => !bridges.includes(module)));
  await write(root, folder, input, {
    entryFileNames: '[name].js',
    chunkFileNames: ({ name, moduleIds }) =>
      `chunks/${moduleIds.some((id) => /[\\/]sdk[\\/]client[\\/]codex\.ts$/.test(id)) ? 'client' : name}.js`,
    codeSplitting: {
      groups: [
        {
          debugName: 'common',
          // What both transports share is one chunk: each file that is loaded takes half a millisecond, whatever is in it.
          name(module, context) {
            const entriesOf = loadedWith(root, module, context);
            if (!entriesOf.has('sdk/exec.ts')) return null;
            if (entriesOf.has('sdk/index.ts')) return 'common';
            return entriesOf.has(session) ? 'start' : null;
          },
        },
        {
          debugName: 'client',
          // What is loaded later needs some of it too: without a name, that would be files of its own.
          name(module, context) {
            const entriesOf = loadedWith(root, module, context);
            const isEntry = context.getModuleInfo(module)?.isEntry === true;
            return entriesOf.has('sdk/index.ts') && !isEntry ? 'client' : null;
          },
        },
      ],
    },
  });
  const bridgeNames = { entryFileNames: '[name].js', chunkFileNames: 'chunks/bridge-[name].js' };
  await write(root, folder, inputOf(bridges), bridgeNames, [packageImports(root)]);
  await write(root, folder, { [tee]: join(root, `${tee}.mjs`) }, { entryFileNames: '[name].mjs' });
  await write(root, folder, { [bin]: source(root, bin) }, binNames, [packageImports(root)]);
  chmodSync(join(folder, `${bin}.js`), 0o755);
}

/** In a folder of its own, so that a program that imports the package loads nothing of it. */
const binNames: OutputOptions = {
  entryFileNames: '[name].js',
  chunkFileNames: 'cli/[name].js',
  banner: ({ isEntry }) => (isEntry ? '#!/usr/bin/env node' : ''),
};

/** The bin and the bridges use the package's entries as they are, beside their own folder, and bundle the rest. */
const packageImports = (root: string): Plugin => ({
  name: 'package-imports',
  resolveId(id, importer) {
    if (importer === undefined || !id.startsWith('.')) return null;
    const module = relative(root, resolve(dirname(importer), id)).replaceAll('\\', '/');
    const entry = Object.values(entries).find((one) => module === `${one}.ts`);
    return entry === undefined ? null : { id: `../${entry}.js`, external: true };
  },
});

const source = (root: string, module: string) => join(root, `${module}.ts`);

/** The entries that a module is loaded with. */
function loadedWith(root: string, module: string, context: ChunkingContext): Set<string> {
  const found = new Set([module]);
  for (const one of found) for (const importer of context.getModuleInfo(one)?.importers ?? []) found.add(importer);
  return new Set([...found].map((one) => relative(root, one).replaceAll('\\', '/')));
}

async function write(
  root: string,
  folder: string,
  input: Record<string, string>,
  names: OutputOptions,
  plugins: Plugin[] = [],
): Promise<void> {
  const build = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    plugins,
    // Node's own modules, and the optional peers.
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Z]:[\\/]/i.test(id),
    onLog: (_, log) => {
      throw new Error(`Building the package: ${log.message}`);
    },
  });
  const made = await build.write({
    ...names,
    dir: folder,
    format: 'esm',
    sourcemap: true,
    // As if the sources were in the package, wherever it is built.
    sourcemapPathTransform: (path, map) =>
      relative(dirname(map), join(folder, relative(root, resolve(dirname(map), path)))).replaceAll('\\', '/'),
    comments: { legal: true, annotation: true, jsdoc: false },
  });
  await build.close();
  for (const chunk of made.output) {
    const deep =
      chunk.type === 'chunk' && chunk.code.includes('import.meta.dirname') && chunk.fileName.split('/').length !== 2;
    // See `packageRoot()`.
    if (deep) throw new Error(expectedGot('building the package', 'files found from one folder deep', chunk.fileName));
  }
}
