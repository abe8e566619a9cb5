import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { ScriptStep } from '../../../testing/play/script-types.ts';
import type { Step } from '../../scenario/types.ts';
import type { ExploredScenario } from '../types.ts';

/** What only our client has, in a run whose other calls and messages are as drawn. No reference has it: ours is compared with itself. */
export interface OnlyOurs {
  /** Reads all notifications, from the beginning to the end of the client. */
  feed: boolean;
  /** For each handle of a turn in turn, what reads it beside the client's own calls. */
  readers: readonly (readonly Reader[])[];
  /** So many wait for one notification each, from the beginning. */
  taken: number;
  /** Calls have a limit that they do not reach. */
  limited: boolean;
  /** Notifications that lack what their method says they have, and where in the script they come: 0 for its beginning, 1 for its end. */
  malformed: readonly { at: number; method: string; params: JsonValue }[];
}

/** Operations of a handle that read the turn, or wait for its end, and a second handle of it. */
export const readers = ['text', 'items', 'states', 'body', 'result', 'end', 'attached'] as const;
export type Reader = (typeof readers)[number];

/** Those that the handle of a goal has too. */
const ofGoals: ReadonlySet<Reader> = new Set(['text', 'items', 'body']);

export const onlyOurs: fc.Arbitrary<OnlyOurs> = fc.record({
  feed: fc.boolean(),
  readers: fc.array(fc.uniqueArray(fc.constantFrom(...readers), { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  taken: fc.nat({ max: 3 }),
  limited: fc.boolean(),
  malformed: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      method: fc.constantFrom(
        ...['turn/started', 'turn/completed', 'item/started', 'item/completed', 'item/agentMessage/delta', 'error'],
        ...['thread/tokenUsage/updated', 'thread/goal/updated', 'serverRequest/resolved', 'account/login/completed'],
      ),
      params: fc.constantFrom<JsonValue>(null, {}, [], 7, { threadId: 7 }, { threadId: 'elsewhere' }, { turnId: null }),
    }),
    { maxLength: 3 },
  ),
});

/** All of it, for runs in which it was not drawn. */
export const everything: OnlyOurs = {
  feed: true,
  readers: [readers],
  taken: 3,
  limited: true,
  malformed: [
    { at: 0.4, method: 'thread/tokenUsage/updated', params: {} },
    { at: 0.6, method: 'item/completed', params: null },
  ],
};

/** The run with readers of ours beside it. It ends by closing the client, so that each of them ends, whatever the engine has left open. */
export function withOnlyOurs(scenario: ExploredScenario, own: OnlyOurs): ExploredScenario {
  const begun: string[] = [];
  const begin = (start: string, as: string, given?: JsonObject): Step => {
    begun.push(as);
    return { start, as, ...(given !== undefined && { with: given }) };
  };
  const steps: Step[] = own.feed ? [begin('codex.notifications', 'feed')] : [];
  for (let one = 0; one < own.taken; one += 1) steps.push(begin('codex.next_notification', `taken${one}`));
  const told: Step[] = [];
  let handles = 0;
  for (const given of scenario.steps) {
    const step = own.limited ? withLimit(given) : given;
    steps.push(step);
    const [name, ended] =
      'join' in step ? [step.join, true] : 'call' in step ? [step.as, /\.run$/.test(step.call)] : [];
    if (ended === true && name !== undefined && /^[rx]\d/.test(name)) told.push({ call: `${name}.turn_usage` });
    if (!('call' in step) || step.as === undefined || 'expect' in step) continue;
    const [, thread, kind] = /^(.*)\.(turn|start_goal)$/.exec(step.call) ?? [];
    if (thread === undefined) continue;
    const handle = step.as;
    for (const reader of own.readers[handles++ % own.readers.length] ?? [])
      if (kind === 'turn' || ofGoals.has(reader)) steps.push(...stepsOf(reader, { handle, thread, begin }));
    if (kind === 'turn') for (const list of [steps, told]) list.push({ call: `${handle}.state` });
  }
  const joins = begun.map((join): Step => ({ join }));
  const script = withMalformed(scenario.script, own.malformed);
  return { ...scenario, clients: ['ts'], script, steps: [...steps, ...told, { close: 'codex' }, ...joins] };
}

const takesLimit = /^codex\.(?:models|account|thread_list|thread_resume|thread_archive)$/;

function withLimit(step: Step): Step {
  if (!('call' in step) || !takesLimit.test(step.call)) return step;
  return { ...step, with: { ...step.with, timeout_ms: 600_000 } };
}

function withMalformed(script: readonly ScriptStep[], malformed: OnlyOurs['malformed']): ScriptStep[] {
  const all = [...script];
  for (const { at, method, params } of malformed) {
    const raw = `${JSON.stringify({ method, params })}\n`;
    // Before its first call, a client is not there to hear it.
    all.splice(Math.min(all.length, 1 + Math.floor(at * script.length)), 0, { raw, wrong: true });
  }
  return all;
}

type Begin = (start: string, as: string, given?: JsonObject) => Step;

function stepsOf(reader: Reader, { handle, thread, begin }: { handle: string; thread: string; begin: Begin }): Step[] {
  const as = `${handle}-${reader}`;
  const turn = { turn_id: { $ref: `${handle}.id` } };
  switch (reader) {
    case 'body':
      return [begin(`${handle}.to_readable_stream`, as, { content: 'text' })];
    case 'end':
      return [begin('codex.wait_for_turn_completed', as, turn)];
    case 'attached':
      return [{ call: `${thread}.attach`, as, with: turn }, begin(`${as}.stream`, `${as}-events`)];
    default:
      return [begin(`${handle}.${reader}`, as)];
  }
}
