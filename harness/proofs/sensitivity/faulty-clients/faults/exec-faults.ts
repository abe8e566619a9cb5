import { promises } from 'node:fs';
import type { JsonObject } from '../../../../../testing/json/json.ts';
import type { BuiltArguments, ClientAdapter } from '../../../../driver/ts/adapter.ts';
import { type Faults, hangMs } from '../fault.ts';

type Call = (owner: unknown, name: string, args: BuiltArguments, signal: AbortSignal | undefined) => Promise<unknown>;

const client = 'ts-official';

/** Wraps a call of the client in `work`, which may make it or not. */
function aroundCall(
  adapter: ClientAdapter,
  work: (call: () => Promise<unknown>, ...given: Parameters<Call>) => unknown,
) {
  return {
    ...adapter,
    call: (...given: Parameters<Call>) => work(async () => adapter.call(...given), ...given),
  };
}

async function* without(stream: AsyncIterable<JsonObject>, type: string): AsyncGenerator<JsonObject> {
  for await (const event of stream) if (event.type !== type) yield event;
}

/** Bugs of an exec client. Unless stated otherwise, of the official one, which made its golden itself. */
export const execFaults = {
  'exec-dropped-event': {
    client,
    says: 'A streamed run drops the completed items',
    scenario: 'exec/command-runs',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'missing', lane: 'user/events', path: 'event:item.completed' },
    },
    apply: (adapter) =>
      aroundCall(adapter, async (call, _owner, name) =>
        name === 'run_streamed' ? without((await call()) as AsyncIterable<JsonObject>, 'item.completed') : call(),
      ),
  },
  'exec-first-message': {
    client,
    says: 'The final response is the first message in place of the last',
    scenario: 'exec/last-message-wins',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'user/result', path: 'result:t.run/value/finalResponse' },
    },
    apply: (adapter) =>
      aroundCall(adapter, async (call, _owner, name) => {
        const value = (await call()) as JsonObject;
        if (name !== 'run') return value;
        const [first] = (value.items as JsonObject[]).filter(({ type }) => type === 'agent_message');
        return { ...value, finalResponse: first?.text };
      }),
  },
  'exec-forgets-thread': {
    client,
    says: 'The second run of a thread begins a new one',
    scenario: 'exec/resumed-same-thread',
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane: 'argv/run2', path: 'argv:argv/argv/5' } },
    apply: (adapter) =>
      aroundCall(adapter, (call, owner, name) => {
        if (name === 'run') (owner as { _id: string | null })._id = null;
        return call();
      }),
  },
  'exec-leaves-schema': {
    client,
    says: 'The file of the output schema is left behind',
    scenario: 'exec/output-schema/valid',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'extra', lane: 'rest', path: 'rest:rest' },
      also: 'mark:left behind',
    },
    apply: () => {
      promises.rm = async () => undefined;
      return undefined;
    },
  },
  'exec-leaves-engine': {
    client,
    says: 'Leaving a stream early leaves the engine running',
    scenario: 'exec/early-break',
    deadlineMs: hangMs,
    expected: {
      verdict: 'mismatch',
      first: { kind: 'missing', lane: 'user/main', path: 'end:s.next' },
      also: 'mark:left behind',
    },
    apply: (adapter) => ({ ...adapter, close: async () => undefined }),
  },
  'exec-parent-environment': {
    client,
    says: 'The environment that is given is added to that of the process',
    scenario: 'exec/client/env-replaces',
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'env/run1', path: 'env:env/env/TWINPROOF_PARENT' },
    },
    apply: (adapter) => ({
      ...adapter,
      create: (options, ...rest) =>
        adapter.create({ ...options, env: { ...process.env, ...(options.env as object) } }, ...rest),
    }),
  },
  'exec-failure-swallowed': {
    client,
    says: 'run() resolves though its turn has failed',
    scenario: 'exec/turn-failed',
    expected: { verdict: 'mismatch', first: { kind: 'missing', lane: 'user/result', path: 'error:t.run' } },
    apply: (adapter) =>
      aroundCall(adapter, (call, _owner, name) =>
        name === 'run' ? call().catch(() => ({ items: [], finalResponse: '', usage: null })) : call(),
      ),
  },
  'exec-plain-error': {
    // The official one throws nothing else: the golden has the class that its text identifies.
    client: 'ts-exec',
    says: 'A run that fails throws an Error without a class, with the right words',
    scenario: 'exec/not-a-repository',
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane: 'user/result', path: 'error:t.run/error/class' } },
    apply: (adapter) =>
      aroundCall(adapter, (call) => call().catch((error: Error) => Promise.reject(new Error(error.message)))),
  },
  'exec-wrong-class': {
    client: 'ts-exec',
    says: 'A failed turn is told as an exit of the engine, with the right words',
    scenario: 'exec/turn-failed',
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane: 'user/result', path: 'error:t.run/error/class' } },
    apply: (adapter) =>
      aroundCall(adapter, (call) =>
        call().catch((error: Error) => Promise.reject(Object.assign(error, { name: 'CodexExecError' }))),
      ),
  },
  'exec-abort-ignored': {
    client,
    says: 'A run does not heed its signal',
    scenario: 'exec/abort/during-run',
    deadlineMs: hangMs,
    expected: {
      verdict: 'mismatch',
      first: { kind: 'changed', lane: 'exit/run1', path: 'exit:exit/signal' },
      also: 'hang:r.cancel',
    },
    apply: (adapter) => ({
      ...adapter,
      call: (owner, name, args) => adapter.call(owner, name, args, undefined),
    }),
  },
  'exec-option-lost': {
    client,
    says: 'The sandbox mode of a thread does not reach the engine',
    scenario: 'exec/options/sandbox-mode',
    expected: { verdict: 'mismatch', first: { kind: 'changed', lane: 'argv/run1', path: 'argv:argv/argv/3' } },
    apply: (adapter) => ({
      ...adapter,
      call: (owner, name, { sandbox_mode: _lost, ...args }, signal) => adapter.call(owner, name, args, signal),
    }),
  },
} satisfies Faults;
