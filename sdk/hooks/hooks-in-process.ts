import { expectedGot } from '../../native/expected-got.mjs';
import { safeAnswer } from './answers.ts';
import { askHooks, toldFailure } from './ask-hooks.ts';
import { type CallHook, type HookEvent, type Hooks, hookEvents, hooksOf } from './options.ts';

/** The hooks of a connection to an engine within the program, which calls them as functions. */
export class HooksInProcess {
  readonly #hooks: Hooks;
  readonly #ended = new AbortController();

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  /** Asks as the engine does: each hook in turn, within its time; one that fails gets the safe answer. */
  readonly call: CallHook = async (event: HookEvent, request: object) => {
    if (!hookEvents.includes(event))
      throw new TypeError(expectedGot('calling a hook', hookEvents.join(', '), String(event)));
    const about = { cwd: process.cwd(), model: 'memory', transcriptPath: null, raw: {}, ...request };
    try {
      return (await askHooks(event, hooksOf(this.#hooks, event), about, this.#ended.signal)) as never;
    } catch (error) {
      return safeAnswer(event, toldFailure(this.#hooks, event, error)) as never;
    }
  };

  /** An engine within the program ignores none. */
  async verify(): Promise<void> {}

  /** The connection is gone: stops what runs. */
  fail(cause: Error): void {
    this.#ended.abort(cause);
  }
}
