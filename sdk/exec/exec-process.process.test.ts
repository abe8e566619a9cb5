import { expect, test } from 'vitest';
import { Codex } from './codex.ts';
import type { ThreadEvent } from './events.ts';
import { EventParseError } from './exec-errors.ts';
import {
  type Action,
  childEngine,
  completed,
  isAlive,
  message,
  ownTemporaryFolder,
  reportOf,
} from './test-fixtures/child-engine.ts';

ownTemporaryFolder();

const messageItem = (text: string) => ({ type: 'item.completed', item: { id: 'i', type: 'agent_message', text } });
/** Built by the child: an environment variable could not hold it. */
function longMessage(length: number): Action[] {
  const [head = '', tail = ''] = JSON.stringify(messageItem('|')).split('|');
  return [{ raw: head }, { raw: 'z', times: length }, { raw: `${tail}\n` }];
}
const threadOf = (...actions: Action[]) => new Codex(childEngine(actions)).startThread();

test('an engine that ends without reading a large prompt is reported, and the host lives (279)', async () => {
  const huge = 'x'.repeat(5_000_000);
  const thread = threadOf({ closeStdin: true }, { stderr: 'no thanks' }, { exit: 3 });
  await expect(thread.run(huge)).rejects.toThrow('Codex Exec exited with code 3: no thanks');
  expect((await threadOf({ closeStdin: true }, completed).run(huge)).usage).toMatchObject({ output_tokens: 2 });
});

test('an engine may write much before it reads a large prompt, and its lines may be long (277, 280)', async () => {
  const prompt = `${'é'.repeat(500_000)}end`;
  const text = 'z'.repeat(200_000);
  const before = Array.from({ length: 10 }, () => longMessage(text.length)).flat();
  const events: ThreadEvent[] = [];
  const thread = threadOf(...before, { readStdin: true }, { report: true });
  for await (const event of (await thread.runStreamed(prompt)).events) events.push(event);
  expect(events).toHaveLength(11);
  expect(events[9]).toMatchObject({ item: { text } });
  expect(reportOf(events).stdin).toBe(prompt);
});

test('only \\n parts lines: separators of Unicode stay in the text, and a character may arrive in halves (278)', async () => {
  const text = 'a\u2028b\u2029c\u0085d\re';
  const line = Buffer.from(`${JSON.stringify(messageItem(text))}\r\n`);
  const half = line.indexOf(Buffer.from('\u2028')) + 1;
  const turn = await threadOf(
    { base64: line.subarray(0, half).toString('base64') },
    { base64: line.subarray(half).toString('base64') },
    // A line that comes whole is parted elsewhere than one that has begun before.
    { raw: `${JSON.stringify(messageItem(text))}\n` },
    { raw: '{"type":"turn.completed","usage":{}}' },
  ).run('hi');
  expect(turn).toMatchObject({ finalResponse: text, usage: { cache_write_input_tokens: 0 } });
});

test('a line that is not UTF-8 is refused', async () => {
  const bytes = Buffer.concat([Buffer.from('{"type":"a","x":"'), Buffer.from([0xff]), Buffer.from('"}\n')]);
  await expect(threadOf({ base64: bytes.toString('base64') }).run('hi')).rejects.toThrow(EventParseError);
});

test('a flood on stderr is read, and forgotten when all went well (281); of a failure its end is kept', async () => {
  const flood: Action = { stderr: 'warn\n', times: 1_000_000 };
  expect((await threadOf(flood, message('ok'), completed).run('hi')).finalResponse).toBe('ok');
  const error = await threadOf(flood, { stderr: 'the end' }, { exit: 2 })
    .run('hi')
    .catch((reason: unknown) => reason);
  expect((error as Error).message).toMatch(/^Codex Exec exited with code 2: [\s\S]*warn\nthe end$/);
  expect((error as Error).message.length).toBeLessThan(1_100_000);
});

test('a reader who takes his time gets everything, though the engine has long ended', async () => {
  const thread = threadOf(...Array.from({ length: 300 }, (_, index) => message(`${index}`)), completed);
  const { events } = await thread.runStreamed('hi');
  await events.next();
  // Another whole engine runs meanwhile.
  await threadOf({ report: true }, { exit: 0 }).run('hi');
  let count = 1;
  for await (const _ of events) count += 1;
  expect(count).toBe(301);
});

test('an engine that says more than is read ahead waits for a slow reader, and nothing is lost', async () => {
  const thread = threadOf(
    message('first'),
    ...Array.from({ length: 40 }, () => longMessage(200_000)).flat(),
    completed,
  );
  const { events } = await thread.runStreamed('hi');
  await events.next();
  await threadOf({ exit: 0 }).run('hi');
  let length = 0;
  for await (const event of events) {
    if (event.type === 'item.completed' && event.item.type === 'agent_message') length += event.item.text.length;
  }
  expect(length).toBe(8_000_000);
});

test('a process that the engine left behind, with its pipes, holds up neither an end nor a failure', async () => {
  for (const [end, expected, late] of [
    [{ exit: 0 }, null, false],
    [{ exit: 4 }, 'Codex Exec exited with code 4: last words', false],
    // The reader asks for more when the engine has long ended.
    [{ exit: 0 }, null, true],
  ] as const) {
    const events: object[] = [];
    let failure: string | null = null;
    try {
      const thread = threadOf({ grandchild: true }, { stderr: '\u001b[31mlast\u001b[0m words' }, end);
      for await (const event of (await thread.runStreamed('hi')).events) {
        events.push(event);
        if (late) await threadOf({ exit: 0 }).run('hi');
      }
    } catch (error) {
      failure = (error as Error).message;
    }
    const { pid } = events[0] as { pid: number };
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
    expect(failure).toBe(expected);
  }
});
