// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The virtual environment that set-up makes for the Python clients.
 * @param {string} root the repository's folder
 */
export const venvFolder = (root) => join(root, '.venv');

/**
 * Written last by set-up: without it the environment is not finished.
 * @param {string} root
 */
export const venvStamp = (root) => join(venvFolder(root), '.twinproof-stamp.json');

/**
 * Its Python program, whether or not it is there yet.
 * @param {string} root
 */
export function venvPython(root) {
  return process.platform === 'win32'
    ? join(venvFolder(root), 'Scripts', 'python.exe')
    : join(venvFolder(root), 'bin', 'python');
}

/**
 * The installed `codex_cli_bin` package (the engine as the Python SDK brings it).
 * @param {string} root
 * @returns {string | undefined} undefined when the environment does not have it
 */
export function venvEnginePackage(root) {
  const venv = venvFolder(root);
  const lib = join(venv, 'lib');
  const pythons = existsSync(lib) ? readdirSync(lib).filter((name) => name.startsWith('python')) : [];
  const sites = [...pythons.map((name) => join(lib, name, 'site-packages')), join(venv, 'Lib', 'site-packages')];
  return sites
    .map((site) => join(site, 'codex_cli_bin'))
    .find((folder) => existsSync(join(folder, 'codex-package.json')));
}
