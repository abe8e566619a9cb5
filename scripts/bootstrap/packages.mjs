// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure } from '../../native/explain-failure.mjs';
import { findNpm } from '../../native/find-npm.mjs';
import { runChild } from '../../native/run-child.mjs';
import { BootstrapError } from './bootstrap-error.mjs';
import { hashFile, readStamp, writeStamp } from './stamp.mjs';

const action = 'installing the development packages (npm ci)';

/** @typedef {import('./bootstrap.mjs').Step} Step */

/** Installed node packages, made from package-lock.json. @type {Step} */
export const packagesStep = {
  isReady({ root }) {
    const stamp = readStamp(stampFile(root));
    return stamp !== undefined && stamp.lock === lockHash(root) && stamp.platform === platformOf();
  },

  async make({ root, env, log, signal, logFolder }) {
    const lock = lockHash(root);
    if (lock === undefined) throw new BootstrapError(action, 'package-lock.json as committed', 'no readable file');
    log('Installing the development packages (npm ci) …');
    rmSync(stampFile(root), { force: true });
    const logFile = join(logFolder, 'npm.log');
    // `npm run --silent` hands its silence on, and then a failure has no words.
    const args = [
      findNpm(env),
      'ci',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--no-progress',
      '--loglevel=warn',
    ];
    // NODE_ENV=production or an `omit` in the user's configuration would leave out what the house is made of.
    args.push('--include=dev', '--include=optional');
    const done = await runChild(process.execPath, args, { cwd: root, env, signal, logFile });
    if (done.code !== 0) throw BootstrapError.of(action, explainFailure('npm', done, logFile));
    writeStamp(stampFile(root), { lock, platform: platformOf() });
  },
};

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.twinproof-stamp.json');
/** @param {string} root */
const lockHash = (root) => hashFile(join(root, 'package-lock.json'));
// Optional packages hold native programs: one folder shared by two systems fits only one of them.
const platformOf = () => `${process.platform}-${process.arch}`;
