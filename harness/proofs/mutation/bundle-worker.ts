import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { expectedGot } from '../../../native/expected-got.mjs';
import { writeWhole } from '../../../testing/files/write-whole.ts';
import { nodeBundle } from '../../driver/bundle-program.mjs';
import { fakeBundle } from '../../engine/fake-cell.ts';

const here = path.dirname(fileURLToPath(import.meta.url));

/** Modules that look for processes of the system, and what stands in for them where the engine has none. */
export const standIns: Readonly<Record<string, string>> = {
  'testing/engine/process-alive.ts': 'fake-alive.ts',
  'harness/engine/leftovers.ts': 'fake-leftovers.ts',
  'sdk/transport/process-list.ts': 'fake-process-list.ts',
};

/**
 * The worker's program in one file: driver, cell, and the SDK with these sources in place of its own. Gives `file`.
 * @param entry of the program. Default: that of mutation's worker
 * @throws Error where a module that has a stand-in is no part of it: then the worker would look for processes of the system
 */
export async function bundleWorker(
  repository: string,
  sources: ReadonlyMap<string, string>,
  file: string,
  entry = path.join(here, 'worker', 'mutation-worker.ts'),
): Promise<string> {
  const met = new Set<string>();
  const result = await build({
    ...nodeBundle,
    entryPoints: [entry],
    // Only the reference has it.
    external: ['@openai/codex-sdk'],
    // Packages of the harness that were written for `require`.
    banner: {
      js: "import { createRequire as topRequire } from 'node:module'; const require = topRequire(import.meta.url);",
    },
    plugins: [mutated(repository, sources, met)],
  });
  const lost = Object.keys(standIns).filter((name) => !met.has(name));
  if (lost.length > 0)
    throw new Error(expectedGot('bundling the mutation worker', `to replace ${lost.join(', ')}`, 'no import of it'));
  await writeWhole(file, result.outputFiles[0]?.text ?? '');
  return file;
}

/** A namespace of esbuild: modules as they stand. */
const unmutated = 'unmutated';

const mutated = (repository: string, sources: ReadonlyMap<string, string>, met: Set<string>): Plugin => ({
  name: 'mutated',
  setup(setup) {
    const worker = path.join(here, 'worker');
    const standInFiles = new Set(Object.values(standIns).map((name) => path.join(worker, name)));
    setup.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.startsWith(path.join(repository, 'sdk', path.sep))
        ? { path: path.join(worker, 'child-process.ts') }
        : undefined,
    );
    const located = (file: string, text: string) => {
      const [own, folder] = [pathToFileURL(file).href, path.dirname(file)].map((one) => JSON.stringify(one)) as [
        string,
        string,
      ];
      return {
        contents: text.replaceAll('import.meta.url', own).replaceAll('import.meta.dirname', folder),
        loader: file.endsWith('.ts') ? ('ts' as const) : ('js' as const),
        resolveDir: path.dirname(file),
      };
    };
    // The harness uses parts of the SDK itself: a mutant must not change what judges it.
    const judges = ['harness', 'testing'].map((name) => path.join(repository, name, path.sep));
    const drivers = path.join(repository, 'harness', 'driver', path.sep);
    setup.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path: name, importer, namespace, resolveDir }) => {
      const file = path.resolve(resolveDir, name);
      const judging = judges.some((place) => importer.startsWith(place)) && !importer.startsWith(drivers);
      // What stands in for a module may use it.
      const standsIn = standInFiles.has(importer) && path.relative(repository, file).replaceAll('\\', '/') in standIns;
      const plain = namespace === unmutated || standsIn || (judging && sources.has(file));
      return plain ? { path: file, namespace: unmutated } : undefined;
    });
    setup.onLoad({ filter: /./, namespace: unmutated }, async ({ path: file }) =>
      located(file, await readFile(file, 'utf8')),
    );
    setup.onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path: file }) => {
      const name = path.relative(repository, file).replaceAll('\\', '/');
      const standIn = standIns[name];
      if (standIn !== undefined) met.add(name);
      if (standIn === undefined) return located(file, sources.get(file) ?? (await readFile(file, 'utf8')));
      return {
        contents: `export * from ${JSON.stringify(path.join(worker, standIn))};`,
        loader: 'ts',
        resolveDir: worker,
      };
    });
  },
});

/**
 * The fake engine's bundle as the body of a function of `process` and `require`. A worker runs it once for each engine
 * that a client starts, with a process that it provides. It remains a program: nothing of it is imported, and it shares
 * no module with the SDK.
 * @throws esbuild's Error if the bundle does not exist
 */
export async function bundleFake(): Promise<string> {
  const result = await build({
    ...nodeBundle,
    entryPoints: [fakeBundle],
    format: 'cjs',
    supported: { 'dynamic-import': false },
  });
  return result.outputFiles[0]?.text ?? '';
}
