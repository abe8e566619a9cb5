// @ts-check
import { oneClassInAllCopies } from './one-class.mjs';

/** The engine cannot be used as it is. The message names the action, what was expected and what was there. */
export class EngineError extends Error {
  /**
   * @param {'lock' | 'platform' | 'missing' | 'wrong-hash' | 'npm' | 'no-version' | 'download' | 'contract' | 'build'} kind `npm`: there is no npm to ask
   * @param {string} message
   * @param {{ cause?: unknown }} [options]
   */
  constructor(kind, message, options) {
    super(message, options);
    this.name = 'EngineError';
    this.kind = kind;
  }
}

oneClassInAllCopies({ EngineError });
