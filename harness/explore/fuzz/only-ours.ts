import fc from 'fast-check';
import type { JsonObject } from '../../../testing/json/json.ts';
import type { Step } from '../../scenario/types.ts';
import type { ExploredScenario } from '../types.ts';

/** What only our client has, in a run whose other calls and messages are as drawn. No reference has it: ours is compared with itself. */
export interface OnlyOurs {
  /** Reads all notifications, from the beginning to the end of the client. */
  feed: boolean;
  /** For each handle of a turn in turn, what reads it beside the client's own calls. */
  readers: readonly (readonly Reader[])[];
  /** Takes so many notifications one by one before the client is closed. */
  taken: number;
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
});

/** The run with readers of ours beside it. It ends by closing the client, so that each of them ends, whatever the engine has left open. */
export function withOnlyOurs(scenario: ExploredScenario, own: OnlyOurs): ExploredScenario {
  const begun: string[] = [];
  const begin = (start: string, as: string, given?: JsonObject): Step => {
    begun.push(as);
    return { start, as, ...(given !== undefined && { with: given }) };
  };
  const steps: Step[] = own.feed ? [begin('codex.notifications', 'feed')] : [];
  const told: Step[] = [];
  let handles = 0;
  for (const step of scenario.steps) {
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
  const taken = Array.from({ length: own.taken }, (_, index) => begin('codex.next_notification', `taken${index}`));
  const joins = begun.map((join): Step => ({ join }));
  return { ...scenario, clients: ['ts'], steps: [...steps, ...told, ...taken, { close: 'codex' }, ...joins] };
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
