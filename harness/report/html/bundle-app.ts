import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { expectedGot } from '../../../native/expected-got.mjs';

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
  bundled ??= { script: bundle('./app/main.tsx'), style: bundle('./app/style.css') };
  return bundled;
}

function bundle(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
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
  return file.text;
}
