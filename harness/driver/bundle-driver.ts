import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { writeWhole } from '../../testing/files/write-whole.ts';

/** How programs of the harness are bundled. */
export const nodeBundle = {
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // An error's class is identified by its name.
  keepNames: true,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * Bundles a driver into one JavaScript file, because loading TypeScript takes most of a second and bundling a tenth of
 * one. Packages are not part of it: `file` must be where Node finds them. Returns `file`. Rejects with esbuild's error and its position.
 */
export async function bundleDriver(entry: string, file: string): Promise<string> {
  const result = await build({ ...nodeBundle, entryPoints: [entry], packages: 'external', plugins: [located] });
  await writeWhole(file, result.outputFiles[0]?.text ?? '');
  return file;
}

/** Each module of the repository knows where its source is. */
const located: Plugin = {
  name: 'located',
  setup(setup) {
    setup.onLoad({ filter: /\.m?[jt]s$/ }, async ({ path: file }) => {
      const contents = (await readFile(file, 'utf8'))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)));
      return { contents, loader: 'default' };
    });
  },
};
