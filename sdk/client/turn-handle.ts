import type { TurnDenials } from '../approvals/denials.ts';
import { showCallers } from '../errors/callers-line.ts';
import { InvalidRequestError } from '../errors/rpc-errors.ts';
import { hiddenState } from '../objects/hidden-state.ts';
import { checkOptions, flag, type RulesFor } from '../options/check-options.ts';
import type { ThreadItem, TurnInterruptResponse, TurnSteerResponse } from '../protocol/index.ts';
import { eventStream } from '../rpc/event-stream.ts';
import type { Gathering } from '../rpc/gathering.ts';
import { type CallOptions, callRules, signalRules } from '../rpc/limits.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnState } from '../rpc/turn-state.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { byteStream } from './byte-stream.ts';
import type { Input } from './inputs.ts';
import type { Requester } from './requester.ts';
import { type ReadableStreamOptions, readableStreamRules } from './stream-options.ts';
import { type Answer, withoutOutput } from './structured-output.ts';
import { collectTurnResult, TurnCollector, type TurnResult } from './turn-result.ts';
import { turnStates } from './turn-states.ts';
import type { TurnStops } from './turn-stops.ts';
import { turnStream } from './turn-stream.ts';
import type { TurnView } from './turn-views.ts';
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
   * Yields the text of the agent's messages as it arrives, in pieces that put together are the texts of all messages since
   * this handle exists. Each call has a reader of its own and takes nothing from anybody: call it beside `stream()`,
   * several times, during or after the turn. A message that was already being written when you call comes whole, once it
   * is complete.
   * ```ts
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const thread = await codex.threadStart();
   * const turn = await thread.turn('Describe this project.');
   * for await (const piece of turn.text()) process.stdout.write(piece);
   * console.log((await turn.result()).usage);
   * ```
   * @throws what `result()` throws, after the last piece; of a turn with `output`, the answer is not checked
   * @throws CodexError with `kind` `lagging` if it was read so slowly that more than `CodexConfig.unreadLimit` waited
   */
  text(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<string, void, void> {
    checkOptions('TurnHandle.text', options, signalRules);
    const view = viewOf(this);
    const action = `reading the text of turn ${this.id}`;
    return eventStream(async () => (await import('./turn-views.ts')).textOf(view), { action, signal: options.signal });
  }

  /**
   * Yields the items that have completed since this handle exists, those of `TurnResult.items`, then each as it completes.
   * Each call begins with the first one and takes nothing from anybody: call it beside `stream()`, several times, during
   * or after the turn. Items count towards `CodexConfig.unreadLimit`, as for `result()`.
   * ```ts
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const thread = await codex.threadStart();
   * const turn = await thread.turn('Describe this project.');
   * for await (const item of turn.items()) console.log(item.type);
   * ```
   * @throws what `result()` throws, after the last item; of a turn with `output`, the answer is not checked
   */
  items(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<ThreadItem, void, void> {
    checkOptions('TurnHandle.items', options, signalRules);
    const { subscription, gathering } = state.of(this);
    const view = { subscription, gathering, events: undefined, whole: false };
    const action = `reading the items of turn ${this.id}`;
    return eventStream(async () => (await import('./turn-views.ts')).itemsOf(view), { action, signal: options.signal });
  }

  /**
   * The turn as a web stream of bytes, for a `Response` or a pipe: its events, items or text, as UTF-8. It has a reader of
   * its own, from this handle's position on, and reads only what its consumer asks for. Cancelling it leaves the turn
   * alone.
   * ```ts
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const thread = await codex.threadStart();
   * const turn = await thread.turn('Describe this project.');
   * const response = new Response(turn.toReadableStream({ content: 'text' }));
   * console.log(await response.text());
   * ```
   * The stream fails with what `stream()`, `items()` or `text()` throws.
   */
  toReadableStream(options: ReadableStreamOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
    checkOptions('TurnHandle.toReadableStream', options, readableStreamRules);
    const { content = 'events', signal } = options;
    const values =
      content === 'events' ? turnStream(state.of(this).subscription.fork(), signal) : this[content]({ signal });
    return byteStream(values, TurnHandle.prototype.toReadableStream);
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

/** What the handle has not read yet, for another reader; taken now, whenever that begins. */
function viewOf(handle: TurnHandle): TurnView {
  const { subscription, gathering } = state.of(handle);
  const { isPast, isUntouched } = subscription;
  return { subscription, gathering, events: isPast ? undefined : subscription.fork(), whole: isUntouched };
}

/** Options of `TurnHandle.interrupt()`. */
export interface InterruptOptions extends CallOptions {
  /** Whether the commands that the turn has started are ended too. Default: false. */
  hard?: boolean | undefined;
}

export const interruptRules: RulesFor<InterruptOptions> = { ...callRules, hard: flag };

function answered<T>(handle: TurnHandle<T>, result: TurnResult, signal?: AbortSignal): Promise<TurnResult<T>> {
  return state.of(handle).answer(result, signal) as Promise<TurnResult<T>>;
}
