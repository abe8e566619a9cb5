// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../native/engine-error.mjs';
import { resolveEngine, verifiedEngine } from '../../native/resolve-engine.mjs';
import { venvFolder } from '../../native/venv.mjs';
import { BootstrapError } from './bootstrap-error.mjs';

/** @typedef {import('./bootstrap.mjs').Step} Step */

/** The engine that the Python environment brought (or TWINPROOF_ENGINE), verified once against its lock. @type {Step} */
export const engineStep = {
  isReady: ({ root, env }) => verifiedEngine({ root, env }) !== undefined,

  async make({ root, env, log }) {
    log('Verifying the engine (sha256) …');
    try {
      await resolveEngine({ root, env });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const installed = !env.TWINPROOF_ENGINE;
      // The next try then brings the environment anew instead of meeting the same file.
      if (installed && error.kind !== 'platform')
        rmSync(join(venvFolder(root), '.twinproof-stamp.json'), { force: true });
      const expected = installed
        ? 'the engine as published (the next run installs it again)'
        : 'TWINPROOF_ENGINE to name the pinned engine, or to be unset';
      throw new BootstrapError('setting up the engine', expected, `this error: ${error.message.replace(/\.$/, '')}`, {
        cause: error,
      });
    }
  },
};
