import { isObject, type JsonObject, type JsonValue, shown } from '../../exact-json.ts';
import { expectedGot, type FakeError, unexpected } from '../../fake-error.ts';
import type { Composed } from '../../script/compose.ts';
import { serverSteps } from '../../script/given-steps.ts';
import { nameOfPlace } from '../../script/places.ts';
import { places, readSteps, type SayStep, type StartScript, type Step } from '../../script/steps.ts';
import { type Bound, resolved } from '../../script/values.ts';
import { checkValue, problemText } from '../../template/check-value.ts';
import { complete } from '../../template/complete.ts';
import type { Contract } from '../../template/contract.ts';
import type { Facts } from '../../template/default-values.ts';

/** Fills in what a script leaves out of its events, and keeps what they have said. */
export class ExecConversation {
  readonly #events: Contract;
  readonly #facts: Facts;
  #items = 0;
  #item = '';
  #itemOpen = false;
  /** Whether the turn has failed: the engine then exits with 1. */
  failed = false;
  /** The text of the last agent message, for `--output-last-message`. */
  lastMessage = '';

  /** @param facts `threadId` is the thread that is started or resumed */
  constructor(events: Contract, facts: Facts) {
    this.#events = events;
    this.#facts = facts;
  }

  heard(message: JsonObject): Bound {
    return { ...message, threadId: this.#facts.threadId };
  }

  /**
   * Makes a step's event, filled in and checked.
   * @throws Error if it breaks the event's form and the step does not say `wrong: true`
   */
  compose(step: SayStep, names: ReadonlyMap<string, Bound>): Composed {
    if (step.verb !== 'send')
      throw new Error(expectedGot('saying something', 'send', `${step.verb}: exec has no requests`));
    const { method, saying } = step;
    const given = step.params === undefined ? {} : resolved(step.params, names);
    const known = typeof method === 'string' ? this.#typeOf(method) : undefined;
    const body =
      saying.template && known !== undefined && isObject(given) ? this.#completed(String(method), known, given) : given;
    if (!saying.wrong) this.#check(method, known, body);
    this.#learn(method, body);
    return { message: isObject(body) ? { type: method, ...body } : { type: method, params: body } };
  }

  #typeOf(method: string): string | undefined {
    const { notifications } = this.#events.methods;
    return Object.hasOwn(notifications, method) ? (notifications[method] ?? undefined) : undefined;
  }

  #check(method: JsonValue, known: string | undefined, body: JsonValue): void {
    const problem =
      known === undefined
        ? { path: '/type', expected: 'an event of exec', got: shown(method) }
        : checkValue(this.#events, this.#events.type(known), body);
    if (problem !== undefined) throw new Error(problemText(problem));
  }

  #completed(method: string, type: string, given: JsonObject): JsonValue {
    const start: JsonObject = { ...given };
    if (method === 'thread.started') start.thread_id ??= this.#facts.threadId;
    if (method === 'turn.completed' && start.usage === undefined)
      start.usage = { cache_write_input_tokens: 0, reasoning_output_tokens: 0 };
    if (type === 'ItemEvent') start.item = this.#itemOf(method, given.item);
    return complete(this.#events, this.#facts, { $ref: `#/definitions/${type}` }, start);
  }

  /** An item's id is that of the current item, otherwise the next one. Its status follows from the event. */
  #itemOf(method: string, given: JsonValue | undefined): JsonValue {
    if (given !== undefined && !isObject(given)) return given;
    const named = given?.id;
    if (typeof named === 'string') this.#item = named;
    else if (method === 'item.started' || !this.#itemOpen) this.#item = `item_${this.#items++}`;
    this.#itemOpen = method !== 'item.completed';
    const type = given?.type ?? 'agent_message';
    const status = withStatus.has(type) ? { status: this.#itemOpen ? 'in_progress' : 'completed' } : {};
    return { id: this.#item, type, ...status, ...given };
  }

  #learn(method: JsonValue, body: JsonValue): void {
    if (method === 'turn.failed') this.failed = true;
    if (method === 'turn.started') this.failed = false;
    if (method !== 'item.completed' || !isObject(body) || !isObject(body.item)) return;
    const { type, text } = body.item;
    if (type === 'agent_message' && typeof text === 'string') this.lastMessage = text;
  }
}

const withStatus: ReadonlySet<JsonValue> = new Set([
  'command_execution',
  'file_change',
  'mcp_tool_call',
  'collab_tool_call',
]);

/**
 * A start's part of a script, for `exec`: if no step expects the run, an `expect: exec` is added.
 * @throws FakeError if it has steps that only a server can play
 */
export function asExec({ steps: given, auto }: StartScript): Step[] {
  const steps = given.filter(({ at }) => at !== 'handshake');
  if (auto.size > 0) throw wrong('auto', 'a step of exec', 'auto: a run of exec has no requests to answer');
  for (const { verb, at } of flat(steps)) if (serverSteps.has(verb)) throw wrong(at, 'a step of exec', verb);
  const expected = places(steps);
  for (const place of expected) {
    if (place.verb !== 'expect' || place.method !== 'exec') throw wrong(place.at, 'expect: exec', nameOfPlace(place));
  }
  if (expected.length > 1) throw wrong(expected[1]?.at ?? '', 'exec once in a start', 'a second expect: exec');
  return expected.length === 1 || steps.length === 0 || readsLater(steps)
    ? steps
    : [...readSteps([{ expect: 'exec' }], 'exec'), ...steps];
}

/** Whether the first step is `reading: paused`: the input is then read from `reading: resumed` on, or never. */
export const readsLater = ([first]: readonly Step[]): boolean => first?.verb === 'reading' && first.paused;

const flat = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => (step.verb === 'any-order' ? step.sequences.flatMap(flat) : [step]));

const wrong = (at: string, expected: string, got: string): FakeError =>
  unexpected(`reading step ${at} of the script`, expected, got, { advice: 'See docs/script-format.md' });
