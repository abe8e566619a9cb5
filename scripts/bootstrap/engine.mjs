// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../native/engine-error.mjs';
import { lockedBuild, readEngineLock } from '../../native/engine-lock.mjs';
import { fetchEngine } from '../../native/fetch-engine.mjs';
import { resolveEngine, verifiedEngine } from '../../native/resolve-engine.mjs';
import { venvFolder } from '../../native/venv.mjs';
import { BootstrapError } from './bootstrap-error.mjs';

/** @typedef {import('./bootstrap.mjs').Step} Step */

/**
 * The pinned engine, verified once against its lock: `TWINPROOF_ENGINE`, the one that the Python environment brings where the official pair is the pin,
 * else npm's, through the user's own client.
 * @type {Step}
 */
export const engineStep = {
  isReady: ({ root, env, lock }) => verifiedEngine({ root, env, ...(lock && { lock }) }) !== undefined,

  async make({ root, env, lock = readEngineLock(), log, signal }) {
    const named = Boolean(env.TWINPROOF_ENGINE);
    if (!named && lock.pin !== lock.officialPair) return fetchPin({ root, env, lock, log, signal });
    log('Verifying the engine (sha256) …');
    try {
      await resolveEngine({ root, env, lock });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // The next try then brings the environment anew instead of meeting the same file.
      if (!named && error.kind !== 'platform') rmSync(join(venvFolder(root), '.twinproof-stamp.json'), { force: true });
      throw told(
        named
          ? 'TWINPROOF_ENGINE to name the pinned engine, or to be unset'
          : 'the engine as published (the next run installs it again)',
        error,
      );
    }
  },
};

/** @param {Required<Pick<import('./bootstrap.mjs').Context, 'root' | 'env' | 'lock' | 'log' | 'signal'>>} context */
async function fetchPin({ lock, ...context }) {
  try {
    await fetchEngine(lock.pin, { ...context, lock });
  } catch (error) {
    if (!(error instanceof EngineError) || error.kind === 'platform') throw error;
    const build = lockedBuild(lock, lock.pin);
    throw told(`${build.npm} from npm's registry, or TWINPROOF_ENGINE to name codex ${lock.pin}`, error);
  }
}

/** @param {string} expected @param {EngineError} error */
const told = (expected, error) =>
  new BootstrapError('setting up the engine', expected, `this error: ${error.message.replace(/\.$/, '')}`, {
    cause: error,
  });
