// @ts-check
import { dirname, join, normalize } from 'node:path';

/** What npm, pnpm and Yarn write for the engine's launcher, relative to the file itself: `"%~dp0\node_modules\@openai\codex\bin\codex.js"`. */
const launcher = /(?:%~dp0|%dp0%|\$basedir)[\\/]+([^"%$]*?@openai[\\/]+codex[\\/]+bin[\\/]+codex\.js)/i;

/**
 * The folder of `@openai/codex` behind a file that a package manager has put on PATH, or behind its launcher. Windows starts a `.cmd` through a
 * shell alone, and a script not at all.
 * @param {string} file absolute
 * @param {{ exists(path: string): boolean, read(path: string): string | undefined }} ops
 * @returns {string | undefined} undefined if it is no such file
 */
export function packageBehindShim(file, { exists, read }) {
  if (/[\\/]@openai[\\/]codex[\\/]bin[\\/]codex\.js$/.test(file)) return dirname(dirname(file));
  const shim = [file, `${file}.cmd`].find((one) => isScript(one) && exists(one));
  const path = shim && launcher.exec(read(shim) ?? '')?.[1];
  if (!shim || !path) return undefined;
  return dirname(dirname(normalize(join(dirname(shim), path.replaceAll('\\', '/')))));
}

/** Whether Windows would need another program to run it. @param {string} file */
export const isScript = (file) => /\.(?:cmd|bat|ps1|[cm]?js)$/i.test(file);
