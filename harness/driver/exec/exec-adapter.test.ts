import { expect, test } from 'vitest';
import { execAdapter, execEvent } from './exec-adapter.ts';

const given: unknown[][] = [];
class Thread {
  readonly id = null;
  async run(...args: unknown[]) {
    given.push(args);
    return { items: [], finalResponse: '', usage: null };
  }
  async runStreamed(...args: unknown[]) {
    given.push(args);
    const events = (async function* () {
      yield { type: 'turn.started' };
    })();
    return { events };
  }
}
class Codex {
  constructor(options: Record<string, unknown>) {
    given.push([options]);
  }
  startThread(...args: unknown[]) {
    given.push(args);
    return new Thread();
  }
  resumeThread(...args: unknown[]) {
    given.push(args);
    return new Thread();
  }
}
const adapter = execAdapter({
  id: 'ts-official',
  version: '1',
  clientInfo: { name: 'x' },
  module: { Codex },
});
const last = () => given.at(-1);

test('operations and options are mapped; what a scenario does not give is not given', async () => {
  const codex = adapter.create({ codex_bin: '/codex', cwd: '/w', base_url: 'u', env: { A: '1' } }, undefined);
  expect(last()).toEqual([{ codexPathOverride: '/codex', baseUrl: 'u', env: { A: '1' } }]);
  const thread = await adapter.call(codex, 'start_thread', {}, undefined);
  expect(last()).toEqual([]);
  await adapter.call(codex, 'resume_thread', { thread_id: 'i', sandbox_mode: 'read-only' }, undefined);
  expect(last()).toEqual(['i', { sandboxMode: 'read-only' }]);
  const { signal } = new AbortController();
  await adapter.call(thread, 'run', { input: 'hi', output_schema: { a_b: 1 } }, signal);
  expect(last()).toEqual(['hi', { outputSchema: { a_b: 1 }, signal }]);
});

test('a streamed run is its stream of events; a thread and a turn are told by their types', async () => {
  const thread = new Thread();
  const stream = await adapter.call(thread, 'run_streamed', { input: 'hi' }, undefined);
  expect(adapter.result(stream, thread, 'run_streamed')).toEqual({ $type: 'Stream' });
  expect(adapter.isStream(stream) && (await stream.next()).value).toEqual({ type: 'turn.started' });
  expect(adapter.result(thread, {}, 'start_thread')).toEqual({ $type: 'Thread', id: null });
  expect(adapter.result(await thread.run(), thread, 'run')).toMatchObject({ $type: 'Turn', finalResponse: '' });
});

test('an event has its type for method; one that no SDK has a type for is not known', () => {
  expect(execEvent({ type: 'turn.started' })).toEqual({ method: 'turn.started', payload: {}, known: true });
  expect(execEvent({ type: 'item.completed', item: { type: 'dream' } })).toMatchObject({ known: false });
  expect(execEvent({ type: 'turn.paused', why: 1 })).toEqual({
    method: 'turn.paused',
    payload: { why: 1 },
    known: false,
  });
  expect(execEvent(5)).toEqual({ method: '?', payload: { value: 5 }, known: false });
});
