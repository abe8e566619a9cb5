import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { Codex } from './codex.ts';

/** A program's tests put such a child in the place of the engine: pipes and an exit, and no word that it has been started. */
class FakeChild extends EventEmitter {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly kill = () => true;

  end(code: number): void {
    const events = [
      { type: 'thread.started', thread_id: 'th' },
      { type: 'item.completed', item: { id: 'i', type: 'agent_message', text: 'hello' } },
      { type: 'turn.completed', usage: { input_tokens: 1, cached_input_tokens: 0, output_tokens: 1 } },
    ];
    this.stdout.end(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    this.stderr.end('its words');
    this.emit('exit', code, null);
  }
}

const children: FakeChild[] = [];
let whenMade: (child: FakeChild) => void = () => {};
vi.mock('node:child_process', async (original) => ({
  ...(await original<object>()),
  spawn: () => {
    const child = new FakeChild();
    children.push(child);
    whenMade(child);
    return child;
  },
}));
afterEach(() => void vi.useRealTimers());

const moments: Record<string, (work: () => void, child: FakeChild) => void> = {
  'in the next microtask': queueMicrotask,
  'in the next tick': (work) => process.nextTick(work),
  'in the next round': (work) => void setImmediate(work),
  'once it has its prompt': (work, { stdin }) => void stdin.once('finish', work),
};

test.each(Object.keys(moments))('a child of a mock that exits %s, without `spawn`, settles the run', async (moment) => {
  whenMade = (child) => moments[moment]?.(() => child.end(0), child);
  const thread = new Codex({ codexPathOverride: 'codex' }).startThread();
  await expect(thread.run('hi')).resolves.toMatchObject({ finalResponse: 'hello', usage: { input_tokens: 1 } });
  expect(children.at(-1)?.stdin.read()?.toString()).toBe('hi');
  whenMade = (child) => moments[moment]?.(() => child.end(3), child);
  await expect(thread.run('hi')).rejects.toThrow('Codex Exec exited with code 3: its words');
});

test('so it does where the timers are those of the test', async () => {
  vi.useFakeTimers();
  whenMade = (child) => queueMicrotask(() => child.end(0));
  await expect(new Codex({ codexPathOverride: 'codex' }).startThread().run('hi')).resolves.toMatchObject({
    finalResponse: 'hello',
  });
});
