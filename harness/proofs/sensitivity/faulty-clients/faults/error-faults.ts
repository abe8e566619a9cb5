import { CodexError } from '../../../../../sdk/errors/codex-error.ts';
import { JsonRpcError } from '../../../../../sdk/errors/rpc-errors.ts';
import { Connection } from '../../../../../sdk/rpc/connection.ts';
import type { Faults } from '../fault.ts';
import { patch } from '../patch.ts';

function patchRefusal(change: (error: JsonRpcError) => Error): undefined {
  patch(Connection.prototype, 'request', (original) => {
    return async function (this: Connection, method, params, options) {
      try {
        return await original.call(this, method, params, options);
      } catch (error) {
        throw error instanceof JsonRpcError ? change(error) : error;
      }
    };
  });
}

const scenario = 'threads/unknown-id';
const lane = 'user/malformed';
const at = (field: string) => `error:codex.thread_resume/error/${field}`;

/** Bugs in what an engine's refusal becomes. */
export const errorFaults = {
  'wrong-error-class': {
    says: 'Every refusal is the base class, its code not looked at',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane, path: at('class') } },
    apply: () => patchRefusal(({ code, rpcMessage, data }) => new JsonRpcError(code, rpcMessage, data)),
  },
  'wrong-error-message': {
    says: "An error has the engine's words without its code",
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane, path: at('message') } },
    apply: () => patchRefusal((error) => Object.assign(error, { message: error.rpcMessage })),
  },
  'lost-error-code': {
    says: 'An error does not say the code that the engine sent',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane, path: at('code') } },
    apply: () => patchRefusal((error) => Object.assign(error, { code: undefined })),
  },
  'extra-cause': {
    says: 'A refusal is wrapped in an error of its own kind',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane, path: at('causes') } },
    apply: () => patchRefusal((error) => Object.assign(error, { cause: new CodexError('inner') })),
  },
  'everything-retryable': {
    says: 'Every error says that trying again may help',
    scenario,
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane, path: at('retryable') } },
    apply: (adapter) => ({ ...adapter, isRetryable: () => true }),
  },
} satisfies Faults;
