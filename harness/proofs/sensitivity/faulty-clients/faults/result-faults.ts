import { TurnHandle } from '../../../../../sdk/client/turn-handle.ts';
import { TurnFailedError, type TurnResult } from '../../../../../sdk/client/turn-result.ts';
import { isObject } from '../../../../../sdk/rpc/is-object.ts';
import { TurnSubscription } from '../../../../../sdk/rpc/turn-subscription.ts';
import { type Faults, hangMs } from '../fault.ts';
import { patch } from '../patch.ts';

function patchResult(change: (result: TurnResult) => TurnResult): undefined {
  patch(TurnHandle.prototype, 'run', (original) => {
    return async function (this: TurnHandle, options) {
      return change(await original.call(this, options));
    };
  });
}

/** Bugs in the result of a turn. */
export const resultFaults = {
  'late-result': {
    says: "A turn's usage is that of the turn before it",
    scenario: 'turns/two-turns',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'user/two', path: 'result:t.run/value/usage/last/cachedInputTokens' },
    },
    apply: () => {
      let usage: TurnResult['usage'] = null;
      return patchResult((result) => {
        usage ??= result.usage;
        return { ...result, usage };
      });
    },
  },
  'items-of-the-end': {
    says: 'The items are taken from turn/completed in place of item/completed',
    scenario: 'turns/plain-message',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'user/result', path: 'result:t.run/value/items/0/clientId' },
    },
    apply: () => {
      let items: TurnResult['items'] = [];
      patch(TurnSubscription.prototype, 'take', (original) => {
        return function (this: TurnSubscription) {
          const event = original.call(this);
          if (event?.method === 'turn/completed' && isObject(event.payload.turn)) items = event.payload.turn.items;
          return event;
        };
      });
      return patchResult((result) => ({ ...result, items }));
    },
  },
  'first-message-answers': {
    says: "The final response is the thread's first message in place of its last",
    scenario: 'turns/two-turns',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'user/two', path: 'result:t.run/value/finalResponse' },
    },
    apply: () => {
      let first: string | null = null;
      return patchResult((result) => {
        first ??= result.finalResponse;
        return { ...result, finalResponse: first };
      });
    },
  },
  'absent-in-place-of-null': {
    says: 'A result leaves out what is null',
    scenario: 'turns/plain-message',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'user/result', path: 'result:t.run/value/error' },
    },
    apply: () =>
      patchResult((result) => {
        const { error, ...rest } = result;
        return (error === null ? rest : result) as TurnResult;
      }),
  },
  'swallowed-failure': {
    says: 'run() of a failed turn resolves with what there is',
    scenario: 'turns/model-failure-500',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'missing', lane: 'user/result', path: 'error:t.run' },
      also: 'result:t.run',
    },
    apply: () => {
      patch(TurnHandle.prototype, 'run', (original) => {
        return async function (this: TurnHandle, options) {
          try {
            return await original.call(this, options);
          } catch (error) {
            if (error instanceof TurnFailedError) return error.result;
            throw error;
          }
        };
      });
      return undefined;
    },
  },
  hang: {
    says: 'run() never settles',
    scenario: 'turns/plain-message',
    deadlineMs: hangMs,
    expected: {
      verdict: 'mismatch',
      first: { kind: 'missing', lane: 'user/result', path: 'result:t.run' },
      also: 'hang:t.run',
    },
    apply: () => {
      patch(TurnHandle.prototype, 'run', () => () => new Promise(() => undefined));
      return undefined;
    },
  },
} satisfies Faults;
