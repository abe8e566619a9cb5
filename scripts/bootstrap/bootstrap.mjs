// @ts-check
import { dirname, join } from 'node:path';
import { EngineError } from '../../native/engine-error.mjs';
import { withLockFile } from '../../native/lock-file.mjs';
import { buildFake, fakeIsFresh } from '../build-fake.mjs';
import { BootstrapError } from './bootstrap-error.mjs';
import { engineStep } from './engine.mjs';
import { packagesStep } from './packages.mjs';
import { pythonStep } from './python.mjs';

/**
 * @typedef {object} Context
 * @property {string} root the repository's folder
 * @property {NodeJS.ProcessEnv} env
 * @property {import('../../native/engine-lock.mjs').EngineLock} [lock] of the engines; default: the committed one
 * @property {(line: string) => void} log
 * @property {string} logFolder
 * @property {AbortSignal} signal
 */

/**
 * @typedef {object} Step
 * @property {(context: Pick<Context, 'root' | 'env' | 'lock'>) => boolean} isReady looks at files only: no network, no process
 * @property {(context: Context) => Promise<void>} make
 */

/** The bundled fake engine, made from its sources with the installed packages. @type {Step} */
const fakeStep = {
  isReady: ({ root }) => fakeIsFresh(root),

  async make({ root, log }) {
    log('Building the fake engine …');
    await buildFake(root);
  },
};

/** In this order: the Python environment brings the official pair's engine, the fake is built with the packages. */
const steps = { packages: packagesStep, python: pythonStep, engine: engineStep, fake: fakeStep };

/** @typedef {keyof typeof steps} Need */

/**
 * Brings what is missing. A second run finds all in place, says nothing and starts nothing.
 * @param {object} options
 * @param {readonly Need[]} options.needs
 * @param {(line: string) => void} [options.log] progress, one line each; default: stderr
 * @param {string} [options.root] default: the repository this module is in
 * @param {NodeJS.ProcessEnv} [options.env] default: process.env
 * @param {import('../../native/engine-lock.mjs').EngineLock} [options.lock] of the engines; default: the committed one
 * @returns {Promise<void>}
 * @throws {BootstrapError} with one sentence; the next try starts where this one could not go on
 */
export async function bootstrap(options) {
  checkNode();
  const root = options.root ?? dirname(dirname(import.meta.dirname));
  const env = options.env ?? process.env;
  const log = options.log ?? ((line) => process.stderr.write(`${line}\n`));
  const base = { root, env, ...(options.lock && { lock: options.lock }) };
  const missing = namesOf(steps).filter((name) => options.needs.includes(name) && !steps[name].isReady(base));
  if (missing.length > 0) await make({ ...base, log }, missing);
}

/**
 * @param {Pick<Context, 'root' | 'env' | 'lock' | 'log'>} base
 * @param {Need[]} names
 */
async function make(base, names) {
  const interrupt = new AbortController();
  const onSignal = (/** @type {string} */ name) => {
    const reason = new BootstrapError(
      'setting up',
      'a run to its end (the next one starts the unfinished step anew)',
      name,
    );
    reason.interrupted = true;
    interrupt.abort(reason);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const name of signals) process.on(name, onSignal);
  const context = { ...base, signal: interrupt.signal, logFolder: join(base.root, '.cache', 'setup') };
  const onWait = (/** @type {number} */ pid) => base.log(`Waiting for another set-up (process ${pid}) …`);
  try {
    await withLockFile(join(base.root, '.cache', 'setup.lock'), { onWait, signal: interrupt.signal }, async () => {
      for (const name of names) {
        // Looked at again: another set-up may have done it while this one waited.
        if (!steps[name].isReady(context)) await steps[name].make(context);
      }
    });
  } catch (error) {
    throw asBootstrapError(error);
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}

/** @param {unknown} error */
function asBootstrapError(error) {
  if (error instanceof BootstrapError) return error;
  if (error instanceof EngineError) return BootstrapError.from(error);
  const { code, syscall, path, message } = /** @type {NodeJS.ErrnoException} */ (error);
  const got = code === undefined ? message : `${code} (${[syscall, path].filter(Boolean).join(' ')})`;
  const expected =
    code === 'ENOSPC' || code === 'EDQUOT' ? 'about 1.5 GB of free disk space' : 'a folder that can be written';
  return new BootstrapError('setting up', expected, got, { cause: error });
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new BootstrapError('checking Node', 'Node 20.19 or newer', `version ${process.versions.node}`);
}

/**
 * @template {object} T
 * @param {T} object
 */
const namesOf = (object) => /** @type {(keyof T)[]} */ (Object.keys(object));
