import type { TurnInterruptResponse, TurnSteerResponse } from '../protocol/index.ts';
import type { CallOptions } from '../rpc/limits.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import type { Input } from './inputs.ts';
import type { Requester } from './requester.ts';
import { collectTurnResult, type TurnResult } from './turn-result.ts';
import { turnStream } from './turn-stream.ts';
import { wireInput } from './wire-input.ts';

/**
 * A turn that has been started or joined (Python: `TurnHandle`, `AsyncTurnHandle`). Its events are kept from the moment
 * its start was sent until the handle has read them or is dropped; each handle of a turn has its own place in them.
 * ```ts
 * import { Codex } from 'twinproof';
 *
 * await using codex = new Codex();
 * const thread = await codex.threadStart();
 * const turn = await thread.turn('Describe this project.');
 * for await (const event of turn.stream()) {
 *   if (event.method === 'item/agentMessage/delta') process.stdout.write(event.payload.delta);
 * }
 * ```
 */
export class TurnHandle {
  readonly threadId: string;
  readonly id: string;
  readonly #requester: Requester;
  readonly #subscription: TurnSubscription;

  /** Made by `Thread.turn()` and `Thread.attach()`. */
  constructor(requester: Requester, threadId: string, id: string, subscription: TurnSubscription) {
    this.#requester = requester;
    this.threadId = threadId;
    this.id = id;
    this.#subscription = subscription;
  }

  /**
   * The turn's events, from this handle's place to `turn/completed`. A failed turn ends like any other. Ending the loop
   * early gives up the handle's place, while the turn runs on.
   * @throws TransportClosedError when the connection is gone, or the handle's events have been read before
   * @throws AbortError when `signal` fires
   */
  stream(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<Notification, void, void> {
    return turnStream(this.#subscription, options.signal);
  }

  /**
   * Reads the turn to its end and returns what it came to. An interrupted turn is a normal result. An abort frees the
   * caller, while the turn runs on: see `interrupt()`.
   * @throws TurnFailedError when the turn failed
   * @throws what `stream()` throws
   */
  run(options: { signal?: AbortSignal | undefined } = {}): Promise<TurnResult> {
    return collectTurnResult(this.stream(options), this.id);
  }

  /**
   * Adds user input to the running turn (`turn/steer`).
   * @throws TypeError for what is no user input, an `ExternalMessage` included; nothing is sent
   * @throws InvalidRequestError when this turn is not the one that runs
   */
  async steer(input: Input | string, options: CallOptions = {}): Promise<TurnSteerResponse> {
    const params = { threadId: this.threadId, expectedTurnId: this.id, input: wireInput(input) };
    return await this.#requester.request('turn/steer', params, options);
  }

  /**
   * Asks the engine to interrupt the running turn (`turn/interrupt`); its events go on to `turn/completed`.
   * @throws InvalidRequestError when this turn is not the one that runs
   */
  async interrupt(options: CallOptions = {}): Promise<TurnInterruptResponse> {
    return await this.#requester.request('turn/interrupt', { threadId: this.threadId, turnId: this.id }, options);
  }
}
