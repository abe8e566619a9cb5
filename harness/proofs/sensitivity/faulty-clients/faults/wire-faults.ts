import type { JsonObject } from '../../../../../sdk/protocol/index.ts';
import { Connection } from '../../../../../sdk/rpc/connection.ts';
import { type Faults, hangMs } from '../fault.ts';
import { patch, patchWire } from '../patch.ts';

function patchParams(wanted: string, change: (params: JsonObject) => JsonObject): undefined {
  patch(Connection.prototype, 'request', (original) => {
    return function (this: Connection, method, params, options) {
      return original.call(this, method, method === wanted ? change(params as JsonObject) : params, options);
    };
  });
}

const scenario = 'turns/plain-message';
const changed = (lane: string, path: string) =>
  ({ verdict: 'mismatch', first: { kind: 'changed', lane, path } }) as const;

/** Bugs in what the client sends. */
export const wireFaults = {
  'extra-request': {
    says: 'A turn reads its thread before it starts',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'extra', lane: 'out/<thread:1>', path: 'wire.out:thread/read' } },
    apply: () => {
      patch(Connection.prototype, 'request', (original) => {
        return async function (this: Connection, method, params, options) {
          const { threadId } = params as JsonObject;
          if (method === 'turn/start') await original.call(this, 'thread/read', { threadId }).catch(() => undefined);
          return await original.call(this, method, params, options);
        };
      });
      return undefined;
    },
  },
  'missing-request': {
    says: 'The engine is never told `initialized`',
    scenario,
    // The engine waits for it.
    deadlineMs: hangMs,
    expected: { verdict: 'mismatch', first: { kind: 'missing', lane: 'out/-', path: 'wire.out:initialized' } },
    apply: () => {
      patch(Connection.prototype, 'notify', () => () => undefined);
      return undefined;
    },
  },
  'changed-default': {
    says: 'A thread starts without an approval policy',
    scenario,
    expected: changed('out/-', 'wire.out:thread/start/msg/params/approvalPolicy'),
    apply: () => patchParams('thread/start', ({ approvalPolicy: _policy, ...params }) => params),
  },
  'extra-null-key': {
    says: 'What is unset is sent as null',
    scenario,
    expected: changed('out/-', 'wire.out:thread/start/msg/params/model'),
    apply: () => patchParams('thread/start', (params) => ({ ...params, model: null })),
  },
  'wrong-turn-interrupted': {
    says: 'An interrupt names the thread where it should name the turn',
    scenario: 'turns/interrupt-mid-stream',
    deadlineMs: hangMs,
    expected: changed('out/<thread:1>', 'wire.out:turn/interrupt/msg/params/turnId'),
    apply: () => patchParams('turn/interrupt', (params) => ({ ...params, turnId: params.threadId ?? null })),
  },
  'old-turn-steered': {
    says: 'Steering expects another turn than the one that runs',
    scenario: 'turns/steer-mid-stream',
    deadlineMs: hangMs,
    expected: changed('out/<thread:1>', 'wire.out:turn/steer/msg/params/expectedTurnId'),
    apply: () =>
      patchParams('turn/steer', (params) => ({ ...params, expectedTurnId: '00000000-0000-7000-8000-000000000001' })),
  },
  'jsonrpc-key': {
    says: 'Messages carry the key `jsonrpc`, which this protocol leaves out',
    scenario,
    expected: changed('out/-', 'wire.out:initialize/msg/jsonrpc'),
    apply: () => patchWire({ out: (message) => ({ jsonrpc: '2.0', ...message }) }),
  },
  'numeric-ids': {
    says: 'Requests have numbers for ids',
    scenario,
    expected: changed('out/-', 'wire.out:initialize/msg/id'),
    apply: () => {
      const ids: unknown[] = [];
      return patchWire({
        out: (message) => ('method' in message && 'id' in message ? { ...message, id: ids.push(message.id) } : message),
        in: (message) => ('method' in message ? message : { ...message, id: ids[Number(message.id) - 1] }),
      });
    },
  },
  'id-used-twice': {
    says: 'A request has the id of the one before it',
    scenario,
    expected: {
      verdict: 'mismatch',
      first: { kind: 'missing', lane: 'in/<thread:1>', path: 'wire.in:answer thread/start' },
      also: 'mark:request id used again',
    },
    apply: () => {
      const ids: unknown[] = [];
      return patchWire({
        out: (message) => {
          if (!('method' in message && 'id' in message)) return message;
          ids.push(message.id);
          return message.method === 'turn/start' ? { ...message, id: ids.at(-2) } : message;
        },
        in: (message) => (message.id === ids.at(-2) && ids.length === 3 ? { ...message, id: ids.at(-1) } : message),
      });
    },
  },
} satisfies Faults;
