// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure } from '../../native/explain-failure.mjs';
import { runChild } from '../../native/run-child.mjs';
import { venvFolder, venvPython, venvStamp } from '../../native/venv.mjs';
import { BootstrapError } from './bootstrap-error.mjs';
import { findPython } from './find-python.mjs';
import { hashFile, readStamp, writeStamp } from './stamp.mjs';

/** @typedef {import('./bootstrap.mjs').Step} Step */

/** The virtual environment with the official Python clients and the engine, made from requirements.lock. @type {Step} */
export const pythonStep = {
  isReady({ root, env }) {
    const stamp = readStamp(venvStamp(root));
    if (stamp === undefined || stamp.lock !== hashFile(lockFile(root))) return false;
    // A virtual environment holds absolute paths: one that was moved or copied does not work.
    if (stamp.folder !== venvFolder(root)) return false;
    // Only a changed wish rebuilds; that the variable is unset again changes nothing.
    if (env.TWINPROOF_PYTHON && stamp.named !== env.TWINPROOF_PYTHON) return false;
    return existsSync(venvPython(root)); // A link into the Python that it was made with: false once that is gone.
  },

  async make({ root, env, log, signal, logFolder }) {
    const lock = hashFile(lockFile(root));
    const making = 'making the Python environment (.venv)';
    if (lock === undefined)
      throw new BootstrapError(making, 'python-golden/requirements.lock as committed', 'no readable file');
    const python = await findPython({ env, cwd: root, signal });
    const logFile = join(logFolder, 'python.log');
    const folder = venvFolder(root);
    const options = { cwd: root, env, signal, logFile };

    log(`Making the Python environment with Python ${python.version} …`);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    const [program = '', ...leading] = python.command;
    const made = await runChild(program, [...leading, '-I', '-m', 'venv', folder], options);
    if (made.code !== 0) throw BootstrapError.of(making, explainFailure('python -m venv', made, logFile));

    const installing = 'installing the official Python clients and the engine (pip install)';
    log('Installing the official Python clients and the engine (about 150 MB) …');
    const pip = [
      '-I',
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--no-input',
      '--no-user',
      '--progress-bar',
      'off',
    ];
    pip.push('--require-hashes', '--no-deps', '--only-binary', ':all:', '-r', lockFile(root));
    const installed = await runChild(venvPython(root), pip, options);
    if (installed.code !== 0) throw BootstrapError.of(installing, explainFailure('pip', installed, logFile));
    writeStamp(venvStamp(root), { lock, folder, python: python.version, named: env.TWINPROOF_PYTHON ?? null });
  },
};

/** @param {string} root */
const lockFile = (root) => join(root, 'python-golden', 'requirements.lock');
