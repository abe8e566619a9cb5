// @ts-check
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { EngineError } from './engine-error.mjs';
import { expectedGot } from './expected-got.mjs';

/**
 * npm's own program file, to run as `[process.execPath, file]`: on Windows a `.cmd` would need a shell.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [execPath]
 * @returns {string} absolute path of npm-cli.js
 * @throws {EngineError} `npm`: there is none
 */
export function findNpm(env, execPath = process.execPath) {
  const binFolders = [dirname(execPath), dirname(realpathSync(execPath))];
  const candidates = [
    // Set when an npm script runs; another package manager sets it to its own program.
    ...(env.npm_execpath !== undefined && /npm-cli\.[cm]?js$/.test(env.npm_execpath) ? [env.npm_execpath] : []),
    ...binFolders.flatMap((bin) => [
      join(bin, 'node_modules/npm/bin/npm-cli.js'),
      join(bin, '../lib/node_modules/npm/bin/npm-cli.js'),
      join(bin, '../share/nodejs/npm/bin/npm-cli.js'),
    ]),
    ...pathFolders(env).flatMap((folder) => behindLink(join(folder, 'npm'))),
  ];
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined) {
    const got = 'no npm-cli.js beside node, in npm_execpath or behind an npm on PATH';
    throw new EngineError('npm', expectedGot('looking for npm', 'npm, as it comes with Node', got));
  }
  return found;
}

/** @param {string} link */
function behindLink(link) {
  try {
    const target = realpathSync(link);
    return target.endsWith('npm-cli.js') ? [target] : [];
  } catch {
    return [];
  }
}

/** @param {NodeJS.ProcessEnv} env */
export function pathFolders(env) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH');
  return (key === undefined ? '' : (env[key] ?? '')).split(delimiter).filter((folder) => folder !== '');
}
