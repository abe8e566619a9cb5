// @ts-check
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathFolders } from '../../native/find-npm.mjs';
import { runChild } from '../../native/run-child.mjs';
import { BootstrapError } from './bootstrap-error.mjs';

const action = 'looking for Chromium';
const expected = 'Chromium or Chrome on PATH or named by TWINPROOF_CHROMIUM, or `npx playwright install chromium`';
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const probeMs = 20_000;
const installMs = 10 * 60_000;

/**
 * @typedef {object} Search
 * @property {string} root
 * @property {NodeJS.ProcessEnv} env
 * @property {(line: string) => void} log
 * @property {string[]} tried what was tried and why it was not taken
 * @property {AbortSignal} [signal]
 */

/**
 * A Chromium that starts: the one that TWINPROOF_CHROMIUM names, one on PATH, Playwright's own, and, where `install` allows it, one that
 * Playwright or (as root with CI set only) the system's package manager brings. Each step says what it does.
 * @param {object} options
 * @param {(line: string) => void} options.log progress, one line each
 * @param {boolean} options.install whether anything may be brought; false only looks
 * @param {NodeJS.ProcessEnv} [options.env] default: process.env
 * @param {string} [options.root] default: the repository this module is in
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<string>} absolute path of the program
 * @throws {BootstrapError} with one sentence that names all that was tried
 */
export async function findChromium({
  log,
  install,
  env = process.env,
  root = dirname(dirname(import.meta.dirname)),
  signal,
}) {
  /** @type {Search} */
  const search = { root, env, log, tried: [], ...(signal === undefined ? {} : { signal }) };
  const named = env['TWINPROOF_CHROMIUM'];
  // A wish that cannot be met is an error: taking another browser would test something else without a word.
  const found = named ? await firstThatStarts([named], search) : await unnamed(search, install);
  if (found === undefined) throw new BootstrapError(action, expected, `none that starts (${search.tried.join('; ')})`);
  log(`Chromium: ${found}`);
  return found;
}

/** @param {Search} search @param {boolean} install */
async function unnamed(search, install) {
  const there = (await firstThatStarts(onPath(search.env), search)) ?? (await playwrights(search));
  if (there !== undefined || !install) return there;
  return (await fromPlaywright(search)) ?? (await fromSystem(search));
}

/** @param {NodeJS.ProcessEnv} env */
function onPath(env) {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return names
    .flatMap((name) => pathFolders(env).map((folder) => join(folder, name + suffix)))
    .filter((file) => existsSync(file));
}

/** The browser that the installed Playwright looks for by itself. @param {Search} search */
async function playwrights(search) {
  const file = playwrightsPath(search.root);
  if (file !== undefined && existsSync(file)) return firstThatStarts([file], search);
  search.tried.push("Playwright's own is not installed");
  return undefined;
}

/** @param {string} root @returns {string | undefined} */
function playwrightsPath(root) {
  try {
    return createRequire(join(root, 'package.json'))('@playwright/test').chromium.executablePath();
  } catch {
    return undefined; // The development packages are not there, or the platform has no build.
  }
}

/** @param {Search} search */
async function fromPlaywright(search) {
  const cli = join(search.root, 'node_modules/@playwright/test/cli.js');
  if (!existsSync(cli)) return void search.tried.push('no Playwright to install one with');
  search.log('Installing Chromium with Playwright (about 150 MB) …');
  const failure = await run(process.execPath, [cli, 'install', 'chromium'], search, installMs);
  if (failure === undefined) return playwrights(search);
  search.log(`Playwright could not install Chromium: ${failure}`);
  return void search.tried.push(`playwright install: ${failure}`);
}

/** Only where the machine is there to be thrown away: nobody's own computer gets a package by way of a test. @param {Search} search */
async function fromSystem(search) {
  if (process.getuid?.() !== 0 || !search.env['CI']) {
    return void search.tried.push('the package manager is asked only as root with CI set');
  }
  search.log('Installing Chromium with apt-get …');
  const quiet = { ...search, env: { ...search.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const failure =
    (await run('apt-get', ['update'], quiet, installMs)) ??
    (await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], quiet, installMs));
  if (failure === undefined) return firstThatStarts(onPath(search.env), search);
  search.log(`apt-get could not install Chromium: ${failure}`);
  return void search.tried.push(`apt-get: ${failure}`);
}

/**
 * Ubuntu's `chromium-browser` is a stand-in that only says where to get the real one, and a download may lack system libraries: each
 * is started once.
 * @param {string[]} files @param {Search} search
 */
async function firstThatStarts(files, search) {
  if (files.length === 0) search.tried.push(`none of ${names.join(', ')} on PATH`);
  for (const file of files) {
    // On Windows `--version` would open a window and print nothing.
    const failure = process.platform === 'win32' ? absence(file) : await run(file, ['--version'], search, probeMs);
    if (failure === undefined) return file;
    search.tried.push(`${file}: ${failure}`);
  }
  return undefined;
}

/** @param {string} file */
const absence = (file) => (existsSync(file) ? undefined : 'no such file');

/**
 * @param {string} program @param {string[]} args @param {Search} search @param {number} limitMs
 * @returns {Promise<string | undefined>} why it failed
 */
async function run(program, args, { root, env, signal }, limitMs) {
  const deadline = AbortSignal.timeout(limitMs);
  try {
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const done = await runChild(program, args, { cwd: root, env, signal: either });
    if (done.code === 0) return undefined;
    const last = done.tail.split('\n').findLast((line) => /error|fail/i.test(line)) ?? done.tail.split('\n').at(-1);
    return `ended with ${done.signal ?? `exit code ${done.code}`}: ${last?.trim() ?? ''}`;
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted) return `no end within ${limitMs / 1000} s`;
    return `not started (${/** @type {NodeJS.ErrnoException} */ (error).code ?? error})`;
  }
}

/** As a program: prints the path; `--no-install` only looks. */
async function main() {
  try {
    const install = !process.argv.includes('--no-install');
    const file = await findChromium({ install, log: (line) => process.stderr.write(`${line}\n`) });
    process.stdout.write(`${file}\n`);
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) await main();
