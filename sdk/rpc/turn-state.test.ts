import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Notification } from './notification.ts';
import { awaited, isOver, stepOf, TurnProgress, type TurnState, type TurnStep } from './turn-state.ts';

const ends = ['completed', 'failed', 'interrupted'] as const;

/** What an engine may do in each state, written down apart from the code that follows it. */
type Open = ReadonlyMap<string, 'approval' | 'input'>;
const expected = (open: Open): TurnState =>
  [...open.values()].includes('approval') ? 'awaiting-approval' : open.size > 0 ? 'awaiting-input' : 'streaming';

interface Move {
  kind: 'told' | 'request' | 'resolve' | 'end' | 'lose';
  pick: number;
}

const moves = fc.array(
  fc.record({
    kind: fc.constantFrom<Move['kind'][]>('told', 'told', 'request', 'request', 'resolve', 'resolve', 'end', 'lose'),
    pick: fc.nat(1000),
  }),
  { maxLength: 60 },
);

test('in any legal order each state is the one that the engine is in, each change is told once, and the end is the end', () => {
  fc.assert(
    fc.property(moves, (order) => {
      const progress = new TurnProgress();
      const reader = progress.changes.read();
      const changes: TurnState[] = [];
      const open = new Map<string, 'approval' | 'input'>();
      let state: TurnState = 'idle';
      const play = (step: TurnStep, next: TurnState) => {
        progress.take(step);
        if (next !== state) changes.push(next);
        state = next;
        expect(progress.state).toBe(state);
      };
      play({ step: 'asked' }, 'starting');
      play({ step: 'told' }, 'streaming');
      for (const [number, { kind, pick }] of order.entries()) {
        if (kind === 'told') play({ step: 'told' }, state);
        else if (kind === 'request') {
          const awaits = pick % 2 === 0 ? 'approval' : 'input';
          open.set(`r${number}`, awaits);
          play({ step: 'request', id: `r${number}`, awaits }, expected(open));
        } else if (kind === 'resolve') {
          const id = [...open.keys()][pick % Math.max(1, open.size)] ?? 'unknown';
          open.delete(id);
          play({ step: 'resolved', id }, expected(open));
        } else {
          const end = kind === 'lose' ? 'lost' : (ends[pick % 3] ?? 'completed');
          play(kind === 'lose' ? { step: 'lost' } : { step: 'ended', state: end as (typeof ends)[number] }, end);
          break;
        }
      }
      if (isOver(state)) {
        // Whatever comes afterwards.
        for (const step of [
          { step: 'told' },
          { step: 'request', id: 'late', awaits: 'approval' },
          { step: 'resolved', id: 'late' },
          { step: 'ended', state: 'failed' },
          { step: 'lost' },
          { step: 'asked' },
        ] satisfies TurnStep[])
          play(step, state);
      }
      const told: TurnState[] = [];
      for (let next = reader.take(); next !== undefined; next = reader.take()) told.push(next);
      expect(told).toEqual(changes);
      expect(progress.changes.ended).toBe(isOver(state));
    }),
  );
});

test.each([
  ['completed', undefined, 'completed'],
  ['interrupted', undefined, 'interrupted'],
  ['failed', { message: 'x' }, 'failed'],
  ['aWordOfALaterEngine', { message: 'x' }, 'failed'],
  ['aWordOfALaterEngine', undefined, 'completed'],
])('a turn that ends with the status %s and the error %j is %s', (status, error, state) => {
  const event = { method: 'turn/completed', payload: { turn: { id: 't', status, error } } } as unknown as Notification;
  expect(stepOf(event)).toEqual({ step: 'ended', state });
});

test.each([
  ['item/commandExecution/requestApproval', {}, 'approval'],
  ['item/fileChange/requestApproval', {}, 'approval'],
  ['item/permissions/requestApproval', {}, 'approval'],
  ['applyPatchApproval', {}, 'approval'],
  ['execCommandApproval', {}, 'approval'],
  ['item/tool/requestUserInput', {}, 'input'],
  ['mcpServer/elicitation/request', {}, 'input'],
  ['mcpServer/elicitation/request', { _meta: { codex_approval_kind: 'mcp_tool_call' } }, 'approval'],
  ['item/tool/call', {}, undefined],
  ['account/chatgptAuthTokens/refresh', null, undefined],
  ['item/aRequestOfALaterEngine', {}, undefined],
])('the request %s with %j waits for %s', (method, params, awaits) => {
  expect(awaited(method, params)).toBe(awaits);
});
