// @ts-check
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathFolders } from '../../native/find-npm.mjs';
import { runChild } from '../../native/run-child.mjs';
import { BootstrapError } from './bootstrap-error.mjs';

const action = 'looking for Python';
const expected = 'Python 3.10 to 3.15 with the venv module, on PATH or named by TWINPROOF_PYTHON';
const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const probeMs = 20_000;
const probe =
  'import sys, json, importlib.util as u; print(json.dumps({"version": list(sys.version_info[:3]), "missing": [m for m in ("venv", "ensurepip") if u.find_spec(m) is None]}))';

/**
 * @typedef {{ command: string[], version: string }} Python
 * command: the program and its leading arguments; version: "3.11.7"
 */

/**
 * The first Python that can make the virtual environment. Every match on PATH is tried, not only the first of each name: a version
 * manager's shim or the Windows store's stand-in may be there and not work.
 * @param {{ env: NodeJS.ProcessEnv, cwd: string, signal?: AbortSignal }} context
 * @returns {Promise<Python>}
 */
export async function findPython({ env, cwd, signal }) {
  const named = env.TWINPROOF_PYTHON;
  const candidates = named ? [[named]] : candidatesOnPath(env);
  /** @type {string[]} */
  const tried = [];
  for (const command of candidates) {
    const answer = await ask(command, { env, cwd, ...(signal === undefined ? {} : { signal }) });
    if (typeof answer !== 'string') return answer;
    tried.push(`${command.join(' ')}: ${answer}`);
  }
  throw new BootstrapError(
    action,
    expected,
    tried.length === 0 ? 'no python3, python or py on PATH' : tried.join('; '),
  );
}

/** @param {NodeJS.ProcessEnv} env */
function candidatesOnPath(env) {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = pathFolders(env);
  const found = names.flatMap((name) =>
    folders.map((folder) => join(folder, name + suffix)).filter((file) => existsSync(file)),
  );
  const distinct = [...new Map(found.map((file) => [realPath(file), file])).values()].map((file) => [file]);
  const launcher = folders.map((folder) => join(folder, 'py.exe')).find((file) => suffix !== '' && existsSync(file));
  return launcher === undefined ? distinct : [...distinct, [launcher, '-3']];
}

/** @param {string} file */
function realPath(file) {
  try {
    // Shims are one script under many names, told apart by the name: two names are two candidates then.
    const real = realpathSync(file);
    return real.includes('shims') ? file : real;
  } catch {
    return file;
  }
}

/**
 * @param {string[]} command
 * @param {{ env: NodeJS.ProcessEnv, cwd: string, signal?: AbortSignal }} context
 * @returns {Promise<Python | string>} a string says why not
 */
async function ask(command, { env, cwd, signal }) {
  const [program = '', ...leading] = command;
  const deadline = AbortSignal.timeout(probeMs);
  let done;
  try {
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    done = await runChild(program, [...leading, '-I', '-c', probe], { cwd, env, signal: either });
  } catch (error) {
    signal?.throwIfAborted();
    return deadline.aborted
      ? 'no answer in 20 s'
      : `not started (${/** @type {NodeJS.ErrnoException} */ (error).code ?? error})`;
  }
  try {
    const { version, missing } = JSON.parse(done.stdout);
    const [major, minor, patch] = version;
    if (major !== 3 || minor < 10 || minor > 15) return `version ${major}.${minor}.${patch}`;
    if (missing.length > 0) return `version ${major}.${minor}.${patch} without ${missing.join(' and ')}`;
    return { command, version: `${major}.${minor}.${patch}` };
  } catch {
    return done.code === 0 ? 'does not answer as Python 3 does' : `ends with exit code ${done.code}`;
  }
}
