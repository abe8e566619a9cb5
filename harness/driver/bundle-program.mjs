// @ts-check
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root } from './kept-bundle.mjs';

/** How programs of the harness are bundled. */
export const nodeBundle = /** @type {const} */ ({
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // An error's class is identified by its name.
  keepNames: true,
  logLevel: 'silent',
});

/**
 * A program of the repository in one text. Packages are not part of it: it must be where Node finds them.
 * @param {string} entry
 * @returns {Promise<import('./kept-bundle.mjs').Made>}
 * @throws esbuild's error and its position
 */
export async function bundleProgram(entry) {
  // Loaded only where it has something to do.
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    ...nodeBundle,
    entryPoints: [entry],
    absWorkingDir: root,
    metafile: true,
    packages: 'external',
    plugins: [located],
  });
  const inputs = Object.keys(metafile.inputs).filter((name) => !name.startsWith(`${lazy}:`));
  return { text: outputFiles[0]?.text ?? '', inputs: [...inputs, path.relative(root, fileURLToPath(import.meta.url))] };
}

/** A namespace of esbuild. */
const lazy = 'lazy';

/** Each module of the repository knows where its source is. A package of nine megabytes that few commands use is loaded by the first module that does. @type {import('esbuild').Plugin} */
const located = {
  name: 'located',
  setup({ onLoad, onResolve, esbuild }) {
    onLoad({ filter: /\.m?[jt]s$/ }, async ({ path: file }) => {
      const contents = await readFile(file, 'utf8');
      if (!contents.includes('import.meta')) return { contents, loader: 'default' };
      const define = {
        'import.meta.url': JSON.stringify(pathToFileURL(file).href),
        'import.meta.dirname': JSON.stringify(path.dirname(file)),
      };
      const loader = /\.m?ts$/.test(file) ? 'ts' : 'js';
      const { code } = await esbuild.transform(contents, { define, loader, target: nodeBundle.target });
      return { contents: code, loader: 'js' };
    });
    onResolve({ filter: /^typescript$/ }, ({ path: name }) => ({ path: name, namespace: lazy }));
    onLoad({ filter: /.*/, namespace: lazy }, ({ path: name }) => ({
      contents: `import { createRequire } from 'node:module';
export default createRequire(${JSON.stringify(pathToFileURL(path.join(root, 'package.json')).href)})(${JSON.stringify(name)});`,
    }));
  },
};
