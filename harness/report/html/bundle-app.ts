import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedGot } from '../../../native/expected-got.mjs';
import { keptBundle, type Made, root } from '../../driver/kept-bundle.mjs';

export interface AppBundle {
  script: string;
  style: string;
}

let bundled: AppBundle | undefined;

/**
 * The report's own script and style, each as one text without imports. Bundled once per process. Throws esbuild's error
 * with its position.
 */
export function bundleApp(): AppBundle {
  bundled ??= { script: bundle('main.tsx').text, style: bundle('style.css').text };
  return bundled;
}

/** The same, kept in `dist/report` as long as no source of it changes. */
export async function keptApp(): Promise<AppBundle> {
  const folder = path.join(root, 'dist', 'report');
  const kept = async (entry: string, name: string) => (await keptBundle(folder, name, async () => bundle(entry))).text;
  try {
    return { script: await kept('main.tsx', 'main.js'), style: await kept('style.css', 'style.css') };
  } catch {
    // Where that folder cannot be written; a source that cannot be bundled says so again.
    return bundleApp();
  }
}

const require = createRequire(import.meta.url);

function bundle(entry: string): Made {
  // Loaded only where it has something to do.
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const { outputFiles, metafile } = buildSync({
    entryPoints: [fileURLToPath(new URL(`./app/${entry}`, import.meta.url))],
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    target: ['chrome120', 'firefox120', 'safari17.4'],
    // Names stay, because a reader may look into the file. ASCII, so that its hash holds whatever charset a tool
    // guesses.
    charset: 'ascii',
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(expectedGot(`bundling ${entry} for the report`, 'a file', 'none'));
  const inputs = [...Object.keys(metafile.inputs), path.relative(root, fileURLToPath(import.meta.url))];
  return { text: file.text, inputs };
}
