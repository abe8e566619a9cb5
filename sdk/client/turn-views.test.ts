import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodexConfig } from '../index.ts';
import { completed, item, startTurn, withThread } from '../test-fixtures/connected-client.ts';
import type { TurnHandle } from './turn-handle.ts';

const params = { threadId: 'th', turnId: 't' };
const delta = (itemId: string, text: string) => ({
  method: 'item/agentMessage/delta',
  params: { ...params, itemId, delta: text },
});
const begun = (id: string) => ({
  method: 'item/started',
  params: { ...params, item: { type: 'agentMessage', id, text: '' } },
});
const done = (id: string, text: string) => ({
  method: 'item/completed',
  params: { ...params, item: { type: 'agentMessage', id, text } },
});
const command = (id: string) => ({
  method: 'item/completed',
  params: { ...params, item: { type: 'commandExecution', id } },
});

async function started(config: CodexConfig = {}) {
  const made = await withThread(config);
  const { handle } = await startTurn(made.engine, made.thread);
  return { ...made, handle };
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}
const joined = async (texts: AsyncIterable<string>) => (await all(texts)).join('');
const ids = async (items: AsyncIterable<{ id: string }>) => (await all(items)).map(({ id }) => id);

/** A message as it comes on the wire, or a command. */
const piece = fc.record({
  pieces: fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 }),
  startTold: fc.boolean(),
  isMessage: fc.boolean(),
});
const wireOf = (parts: readonly { pieces: string[]; startTold: boolean; isMessage: boolean }[]) =>
  parts.flatMap(({ pieces, startTold, isMessage }, at): object[] => {
    const id = `i${at}`;
    if (!isMessage) return [command(id)];
    return [...(startTold ? [begun(id)] : []), ...pieces.map((text) => delta(id, text)), done(id, pieces.join(''))];
  });

test('an event of a later engine is no text, whatever its item says', async () => {
  const { engine, handle, codex } = await started();
  const text = all(handle.text());
  const { params } = done('a', 'not told');
  for (const message of [{ method: 'item/somethingNew', params }, done('b', 'told'), completed()]) engine.send(message);
  expect(await text).toEqual(['told']);
  await codex.close();
});

test('whenever they are asked for, whatever has been read: text() gives all of the text, items() every item', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 4 }),
      fc.array(fc.nat(20), { maxLength: 4 }),
      fc.nat(20),
      fc.boolean(),
      async (parts, asked, readUpTo, leaves) => {
        const { engine, codex, handle } = await started();
        const wire = [...wireOf(parts), completed()];
        const stream = handle.stream();
        const readers: Promise<unknown>[] = [];
        const ask = () => readers.push(joined(handle.text()), ids(handle.items()));
        ask();
        for (const [at, message] of wire.entries()) {
          if (asked.includes(at)) ask();
          engine.send(message);
          if (at < readUpTo) await stream.next();
          else if (leaves) await stream.return();
        }
        ask();
        const text = parts.flatMap(({ isMessage, pieces }) => (isMessage ? pieces : [])).join('');
        const expected = [text, parts.map((_, at) => `i${at}`)];
        expect(await Promise.all(readers)).toEqual(readers.map((_, at) => expected[at % 2]));
        expect((await handle.result()).items).toHaveLength(parts.length);
        await codex.close();
      },
    ),
    { numRuns: 60 },
  );
});

test('the text comes as it arrives, to each reader', async () => {
  const { engine, handle, codex } = await started();
  const [one, two] = [handle.text(), handle.text()];
  const first = [one.next(), two.next()];
  engine.send(begun('a'));
  engine.send(delta('a', 'Hel'));
  expect(await Promise.all(first)).toEqual([1, 2].map(() => ({ done: false, value: 'Hel' })));
  await one.return();
  // Asked for in the middle of a message: it comes whole.
  const late = handle.text();
  engine.send(delta('a', 'lo'));
  expect(await two.next()).toEqual({ done: false, value: 'lo' });
  engine.send(done('a', 'Hello'));
  engine.send(completed());
  expect(await all(two)).toEqual([]);
  expect(await all(late)).toEqual(['Hel', 'lo']);
  expect((await handle.run()).finalResponse).toBe('Hello');
  expect(await all(handle.text())).toEqual(['Hello']);
  await codex.close();
});

test('a message that was being written when the handle had read on comes whole', async () => {
  const { engine, handle, codex } = await started();
  const stream = handle.stream();
  for (const message of [begun('a'), delta('a', 'Hel')]) engine.send(message);
  await stream.next();
  await stream.next();
  const late = handle.text();
  const first = late.next();
  for (const message of [delta('a', 'lo'), done('a', 'Hello'), begun('b'), delta('b', '!')]) engine.send(message);
  expect(await first).toEqual({ done: false, value: 'Hello' });
  expect(await late.next()).toEqual({ done: false, value: '!' });
  await codex.close();
});

const views = {
  text: (handle: TurnHandle, signal?: AbortSignal) => handle.text({ signal }),
  items: (handle: TurnHandle, signal?: AbortSignal) => handle.items({ signal }),
};

describe.each(Object.entries(views))('%s()', (_, view) => {
  test('throws what result() throws, after all that came', async () => {
    const { engine, handle, codex } = await started();
    const values = view(handle);
    for (const message of [item('one'), completed('t', 'failed')]) engine.send(message);
    expect(await values.next()).toMatchObject({ done: false });
    await expect(values.next()).rejects.toMatchObject({ name: 'TurnFailedError', result: { status: 'failed' } });
    await codex.close();
  });

  test('an engine that dies: all that came, then the death', async () => {
    const { engine, handle } = await started();
    const values = view(handle);
    const first = values.next();
    engine.send(item('one'));
    await first;
    engine.send(item('two'));
    engine.peer.end();
    expect(await values.next()).toMatchObject({ done: false });
    await expect(values.next()).rejects.toMatchObject({ name: 'TransportClosedError' });
    await expect(all<unknown>(view(handle))).rejects.toMatchObject({ name: 'TransportClosedError' });
  });

  test('several that wait at once get the next values in the order in which they asked', async () => {
    const { engine, handle, codex } = await started();
    const values = view(handle);
    const waiting = [values.next(), values.next(), values.next(), values.next()];
    for (const message of [item('one'), item('two'), item('three'), completed()]) engine.send(message);
    const found = await Promise.all(waiting);
    expect(found.map(({ done }) => done)).toEqual([false, false, false, true]);
    const told = found.slice(0, 3).map((one) => JSON.stringify(one));
    expect(['one', 'two', 'three'].map((text, at) => told[at]?.includes(text))).toEqual([true, true, true]);
    await codex.close();
  });

  test('an abort ends this reading alone', async () => {
    const { engine, handle, codex } = await started();
    const controller = new AbortController();
    const [aborted, other] = [view(handle, controller.signal).next(), all<unknown>(view(handle))];
    controller.abort('enough');
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    await expect(view(handle, AbortSignal.abort('early')).next()).rejects.toMatchObject({ cause: 'early' });
    for (const message of [item('one'), completed()]) engine.send(message);
    expect(await other).toHaveLength(1);
    await codex.close();
  });

  test('leaving it, also while it waits, leaves the turn and its handle alone', async () => {
    const { engine, handle, codex } = await started();
    const values = view(handle);
    const waiting = values.next();
    await new Promise((resolve) => setImmediate(resolve));
    await values.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    for (const message of [item('one'), completed()]) engine.send(message);
    expect(await handle.run()).toMatchObject({ status: 'completed', finalResponse: 'one' });
    expect(engine.peer.received).toEqual([]);
    await codex.close();
  });

  test('an interrupted turn ends it; a turn that is over and not kept has none', async () => {
    const { engine, handle, thread, codex } = await started();
    const values = all<unknown>(view(handle));
    for (const message of [item('one'), completed('t', 'interrupted')]) engine.send(message);
    expect(await values).toHaveLength(1);
    await handle.run();
    const over = await thread.attach('t');
    await expect(view(over).next()).rejects.toThrow('Turn is no longer streaming');
    await codex.close();
  });
});

test('read too slowly, the text says so; more items than the limit end items(), and not the text', async () => {
  const slow = await started({ unreadLimit: 2000 });
  const text = slow.handle.text();
  for (let times = 0; times < 5; times += 1) slow.engine.send(delta('a', 'x'));
  await expect(text.next()).rejects.toMatchObject({ kind: 'lagging' });
  const many = await started({ unreadLimit: 2000 });
  const reading = joined(many.handle.text());
  await new Promise((resolve) => setImmediate(resolve));
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    many.engine.send(item(name));
    await new Promise((resolve) => setImmediate(resolve));
  }
  many.engine.send(completed());
  expect(await reading).toBe('abcde');
  await expect(all(many.handle.items())).rejects.toMatchObject({ kind: 'lagging' });
  for (const { codex } of [slow, many]) await codex.close();
});

describe('toReadableStream()', () => {
  const wire = [begun('a'), delta('a', 'Grüße \ud83d'), delta('a', '\ude00!'), done('a', 'Grüße 😀!'), completed()];
  const lines = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown);

  test('is a body of events, items or text, beside each other and the handle', async () => {
    const { engine, handle, codex } = await started();
    const bodies = ([undefined, 'items', 'text'] as const).map(
      (content) => new Response(handle.toReadableStream({ content })),
    );
    for (const message of wire) engine.send(message);
    const [events = '', items = '', text] = await Promise.all(bodies.map((body) => body.text()));
    expect(lines(events)).toEqual(JSON.parse(JSON.stringify(await all(handle.stream()))));
    expect(lines(items)).toEqual((await handle.result()).items);
    expect(text).toBe('Grüße 😀!');
    await codex.close();
  });

  test('reads only what is asked for; cancelling it leaves the turn alone', async () => {
    const { engine, handle, codex } = await started({ unreadLimit: 2000 });
    const idle = handle.toReadableStream({ content: 'text' });
    const reader = handle.toReadableStream().getReader();
    const first = reader.read();
    engine.send(begun('a'));
    expect(new TextDecoder().decode((await first).value)).toContain('item/started');
    await reader.cancel();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    for (let times = 0; times < 5; times += 1) engine.send(delta('a', 'x'));
    // It has read nothing ahead, and so it has lost its place.
    await expect(idle.getReader().read()).rejects.toMatchObject({ kind: 'lagging' });
    engine.send(completed());
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    await codex.close();
  });

  test('fails with the turn, and when its signal fires', async () => {
    const { engine, handle, codex } = await started();
    const controller = new AbortController();
    const reading = new Response(handle.toReadableStream({ signal: controller.signal })).text();
    const text = new Response(handle.toReadableStream({ content: 'text' })).text();
    controller.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    engine.send(completed('t', 'failed'));
    await expect(text).rejects.toMatchObject({ name: 'TurnFailedError' });
    await codex.close();
  });
});
