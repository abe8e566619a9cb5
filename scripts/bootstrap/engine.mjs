// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../native/engine-error.mjs';
import { readEngineLock } from '../../native/engine-lock.mjs';
import { fetchEngine } from '../../native/fetch-engine.mjs';
import { resolveEngine, verifiedEngine } from '../../native/resolve-engine.mjs';
import { venvFolder } from '../../native/venv.mjs';
import { BootstrapError } from './bootstrap-error.mjs';

/** @typedef {import('./bootstrap.mjs').Step} Step */

/**
 * The pinned engine, verified once against its lock: the one that the Python environment brought where that is the pin, else npm's, or TWINPROOF_ENGINE.
 * @type {Step}
 */
export const engineStep = {
  isReady: ({ root, env }) => verifiedEngine({ root, env }) !== undefined,

  async make({ root, env, log, signal }) {
    const { pin, officialPair } = readEngineLock();
    const named = Boolean(env.TWINPROOF_ENGINE);
    if (!named && pin !== officialPair) return void (await fetchEngine(pin, { root, env, log, signal }));
    log('Verifying the engine (sha256) …');
    try {
      await resolveEngine({ root, env });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // The next try then brings the environment anew instead of meeting the same file.
      if (!named && error.kind !== 'platform') rmSync(join(venvFolder(root), '.twinproof-stamp.json'), { force: true });
      const expected = named
        ? 'TWINPROOF_ENGINE to name the pinned engine, or to be unset'
        : 'the engine as published (the next run installs it again)';
      throw new BootstrapError('setting up the engine', expected, `this error: ${error.message.replace(/\.$/, '')}`, {
        cause: error,
      });
    }
  },
};
