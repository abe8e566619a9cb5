import type { TurnDenials } from '../approvals/denials.ts';
import { showCallers } from '../errors/callers-line.ts';
import { InvalidRequestError } from '../errors/rpc-errors.ts';
import { hiddenState } from '../objects/hidden-state.ts';
import { checkOptions, flag, type RulesFor } from '../options/check-options.ts';
import type { TurnInterruptResponse, TurnSteerResponse } from '../protocol/index.ts';
import type { Gathering } from '../rpc/gathering.ts';
import { type CallOptions, callRules, signalRules } from '../rpc/limits.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnState } from '../rpc/turn-state.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import type { Input } from './inputs.ts';
import type { Requester } from './requester.ts';
import { type Answer, withoutOutput } from './structured-output.ts';
import { collectTurnResult, TurnCollector, type TurnResult } from './turn-result.ts';
import { turnStates } from './turn-states.ts';
import type { TurnStops } from './turn-stops.ts';
import { turnStream } from './turn-stream.ts';
import { wireInput } from './wire-input.ts';

const state = hiddenState<{
  requester: Requester;
  subscription: TurnSubscription;
  gathering: Gathering<TurnCollector>;
  answer: Answer<unknown>;
  denials: TurnDenials;
  stops: TurnStops;
}>('TurnHandle');

/**
 * A turn that you have started or joined (Python: `TurnHandle`, `AsyncTurnHandle`). Its events are kept from the moment
 * its start was sent until the handle has read them or is dropped. Each handle of a turn has its own position.
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
export class TurnHandle<Output = unknown> {
  readonly threadId: string;
  readonly id: string;

  /** Created by `Thread.turn()` and `Thread.attach()`. */
  constructor(
    requester: Requester,
    threadId: string,
    id: string,
    subscription: TurnSubscription,
    denials: TurnDenials,
    stops: TurnStops,
    answer: Answer<Output> = withoutOutput as Answer<Output>,
  ) {
    this.threadId = threadId;
    this.id = id;
    const gathering = subscription.gather(new TurnCollector(id, denials));
    state.set(this, { requester, subscription, gathering, denials, stops, answer });
  }

  /**
   * Yields the turn's events, from this handle's position to `turn/completed`. It also ends normally if the turn fails.
   * If you leave the loop early, you give up the handle's position; the turn keeps running. `result()` gives its result.
   * @throws TransportClosedError if the connection is gone, or this handle has been read already
   * @throws AbortError if `signal` fires
   */
  stream(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<Notification, void, void> {
    checkOptions('TurnHandle.stream', options, signalRules);
    return turnStream(state.of(this).subscription, options.signal);
  }

  /**
   * Reads the turn to its end and returns its result. An interrupted turn is a normal result. Aborting rejects the
   * call; the turn keeps running until you call `interrupt()`.
   * @throws TurnFailedError if the turn failed; ApprovalDeniedError after a refusal, with `onDenial: 'throw'`
   * @throws what `stream()` throws
   */
  async run(options: { signal?: AbortSignal | undefined } = {}): Promise<TurnResult<Output>> {
    checkOptions('TurnHandle.run', options, signalRules);
    const result = await collectTurnResult(this.stream(options), this.id, state.of(this).denials);
    return await answered(this, result, options.signal);
  }

  /**
   * Waits for the end of the turn and returns its result, with the items since this handle exists. It reads no events,
   * so you can call it before, beside or after `stream()`, inside its loop, after a `break`, and again. An interrupted
   * turn is a normal result. Aborting ends this wait alone. Items count towards `CodexConfig.unreadLimit`.
   * ```ts
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const thread = await codex.threadStart();
   * const turn = await thread.turn('Describe this project.');
   * for await (const { method } of turn.stream()) console.log(method);
   * console.log((await turn.result()).finalResponse);
   * ```
   * @throws TurnFailedError if the turn failed; ApprovalDeniedError after a refusal, with `onDenial: 'throw'`
   * @throws TransportClosedError if the connection went before the turn's end; AbortError if `signal` fires
   * @throws CodexError with `kind` `lagging` if the turn's items came to more than the limit
   */
  async result(options: { signal?: AbortSignal | undefined } = {}): Promise<TurnResult<Output>> {
    checkOptions('TurnHandle.result', options, signalRules);
    const { subscription, gathering } = state.of(this);
    const collector = await subscription.gathered(gathering, options.signal);
    return await answered(this, collector.result(), options.signal);
  }

  /**
   * Where the turn is now, as the engine has said it, whatever you have read of its events; see `TurnState`. Changes come
   * with `states()`.
   */
  get state(): TurnState {
    return state.of(this).subscription.state;
  }

  /**
   * Yields the turn's state: what it is now, then every change, up to the end of the turn. It reads no events. Any number
   * of readers can do so at once.
   * ```ts
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const thread = await codex.threadStart();
   * const turn = await thread.turn('Describe this project.');
   * for await (const state of turn.states()) console.log(state);
   * ```
   * @throws AbortError if `signal` fires
   */
  states(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<TurnState, void, void> {
    checkOptions('TurnHandle.states', options, signalRules);
    return turnStates(state.of(this).subscription, options.signal);
  }

  /**
   * Adds user input to the running turn (`turn/steer`).
   * @throws TypeError if this is not user input, or is an `ExternalMessage`; nothing is sent
   * @throws InvalidRequestError if this turn is not the running one
   */
  async steer(input: Input | string, options: CallOptions = {}): Promise<TurnSteerResponse> {
    checkOptions('TurnHandle.steer', options, callRules);
    const params = { threadId: this.threadId, expectedTurnId: this.id, input: wireInput(input) };
    return await state.of(this).requester.request('turn/steer', params, options);
  }

  /**
   * Asks the engine to interrupt the running turn (`turn/interrupt`). Its events continue to `turn/completed`. The
   * engine lets the commands of the turn run on; with `hard`, they and all that they have started are ended, also if the
   * turn is over: by the engine, and then as processes of this machine if this client has started the engine.
   * @throws InvalidRequestError if this turn is not the running one, unless it is a hard interrupt
   */
  async interrupt(options: InterruptOptions = {}): Promise<TurnInterruptResponse> {
    checkOptions('TurnHandle.interrupt', options, interruptRules);
    const { requester, stops } = state.of(this);
    const { threadId, id: turnId } = this;
    const { hard = false, ...call } = options;
    if (!hard) return await requester.request('turn/interrupt', { threadId, turnId }, call);
    if (!stops.hasEnded(turnId))
      await requester.request('turn/interrupt', { threadId, turnId }, call).catch((error: unknown) => {
        if (!(error instanceof InvalidRequestError)) throw error;
      });
    await stops.endAll(threadId, turnId);
    return {};
  }
}

showCallers(TurnHandle.prototype);

/** Options of `TurnHandle.interrupt()`. */
export interface InterruptOptions extends CallOptions {
  /** Whether the commands that the turn has started are ended too. Default: false. */
  hard?: boolean | undefined;
}

export const interruptRules: RulesFor<InterruptOptions> = { ...callRules, hard: flag };

function answered<T>(handle: TurnHandle<T>, result: TurnResult, signal?: AbortSignal): Promise<TurnResult<T>> {
  return state.of(handle).answer(result, signal) as Promise<TurnResult<T>>;
}
