import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalImageInput, MentionInput, type StagedFile } from '../index.ts';
import { completed, setUp, until } from '../test-fixtures/connected-client.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A client whose engine says where its home is. */
async function client(codexHome: unknown = home) {
  const { engine, codex } = setUp();
  const connecting = codex.connect();
  await until(() => engine.peers.length === 1);
  await engine.answer({ userAgent: 'engine/1.0', codexHome });
  await engine.next();
  await connecting;
  const [thread] = await Promise.all([codex.threadResume('th'), engine.answer({ thread: { id: 'th' } })]);
  return { engine, codex, thread };
}
type Made = Awaited<ReturnType<typeof client>>;

const there = (...files: StagedFile[]) => files.map(({ path }) => existsSync(path));
const gone = async (file: StagedFile) => await until(() => !existsSync(file.path));

async function startTurn({ engine, thread }: Made, input: StagedFile[], turnId = 't') {
  const starting = thread.turn(input);
  const request = await engine.answer({ turn: { id: turnId } });
  return { handle: await starting, input: request.params?.input };
}

test('an image is a local image, any other file a mention; both can be more', async () => {
  const made = await client();
  const [image, text] = await Promise.all([
    made.codex.files.stage(png, { name: 'a.png' }),
    made.codex.files.stage(Buffer.from('x'), { name: 'notes.md' }),
  ]);
  expect(image).toBeInstanceOf(LocalImageInput);
  expect(text).toBeInstanceOf(MentionInput);
  const { input } = await startTurn(made, [image, text, image.mention() as StagedFile]);
  expect(input).toEqual([
    { type: 'localImage', path: image.path },
    { type: 'mention', name: 'notes.md', path: text.path },
    { type: 'mention', name: 'a.png', path: image.path },
  ]);
  expect(image.image()).toEqual(new LocalImageInput(image.path));
  expect(() => text.image()).toThrow(
    'Using notes.md as an image: expected a PNG, JPEG, GIF or WebP file, got application',
  );
  const { name, path, size, sha256, mediaType } = text;
  const adding = made.thread.addAttachment(text.attachment());
  const { params } = await made.engine.answer({ attachment: {}, outcome: 'created' });
  const payload = { name, path, size, sha256, mediaType };
  expect(params).toEqual({ threadId: 'th', attachmentType: 'file', identityKey: sha256, payload });
  await adding;
  await made.codex.close();
  expect(there(image, text)).toEqual([false, false]);
  expect(readdirSync(join(home, 'artifacts'))).toEqual([]);
});

test('kept for a turn: it goes when all turns that have it are over, also one that steering gave it to', async () => {
  const made = await client();
  const { codex, engine } = made;
  const [file, steered, unused] = (await Promise.all(
    ['1', '2', '3'].map((text) => codex.files.stage(Buffer.from(text), { keep: 'turn' })),
  )) as [StagedFile, StagedFile, StagedFile];
  const { handle } = await startTurn(made, [file]);
  await Promise.all([handle.steer(steered), engine.answer({ turnId: 't' })]);
  expect(there(file, steered, unused)).toEqual([true, true, true]);
  engine.send(completed('t'));
  await Promise.all([gone(file), gone(steered)]);
  expect(there(unused)).toEqual([true]);
  // The end may come before the answer to the start.
  const early = await codex.files.stage(Buffer.from('4'), { keep: 'turn' });
  const starting = made.thread.turn(early);
  const { id } = await engine.next();
  engine.send({ method: 'turn/started', params: { threadId: 'th', turn: { id: 'u' } } });
  engine.send(completed('u'));
  engine.send({ id, result: { turn: { id: 'u' } } });
  await starting;
  await gone(early);
  // And a turn may be started by the protocol.
  const raw = await codex.files.stage(Buffer.from('5'), { keep: 'turn' });
  const item = { type: 'mention', name: raw.name, path: raw.path } as const;
  await Promise.all([codex.rpc.turnStart({ threadId: 'th', input: [item] }), engine.answer({ turn: { id: 'v' } })]);
  engine.send(completed('v'));
  await gone(raw);
  await codex.close();
  expect(there(unused)).toEqual([false]);
});

test.each(['thread/archived', 'thread/deleted', 'thread/closed'])(
  'kept for a thread: it goes with %s, not with a turn',
  async (method) => {
    const made = await client();
    const file = await made.codex.files.stage(png, { keep: 'thread' });
    const staying = await made.codex.files.stage(Buffer.from('x'), { keep: 'client' });
    await startTurn(made, [file, staying]);
    made.engine.send(completed('t'));
    made.engine.send({ method, params: { threadId: 'another' } });
    await made.codex.files.stage(Buffer.from('later'));
    expect(there(file, staying)).toEqual([true, true]);
    made.engine.send({ method, params: { threadId: 'th' } });
    await gone(file);
    expect(there(staying)).toEqual([true]);
    await made.codex.close();
  },
);

test('a refused start leaves the file; release and await using remove it', async () => {
  const made = await client();
  const file = await made.codex.files.stage(png, { keep: 'turn' });
  const refused = made.thread.turn(file);
  await Promise.all([expect(refused).rejects.toThrow('busy'), made.engine.refuse(-32600, 'busy')]);
  expect(there(file)).toEqual([true]);
  await file.release();
  await file.release();
  expect(there(file)).toEqual([false]);
  let scoped: StagedFile | undefined;
  {
    await using own = await made.codex.files.stage(png);
    scoped = own;
    expect(there(own)).toEqual([true]);
  }
  expect(there(scoped)).toEqual([false]);
  await made.codex.close();
});

test('the files outlive the engine, and go with close(); another connection has its own', async () => {
  const made = await client();
  const file = await made.codex.files.stage(png);
  made.engine.peer.end();
  await expect(made.codex.models()).rejects.toThrow();
  expect(there(file)).toEqual([true]);
  await made.codex.close();
  expect(there(file)).toEqual([false]);
  const staging = made.codex.files.stage(png);
  await until(() => made.engine.peers.length === 2);
  await made.engine.answer({ userAgent: 'engine/1.0', codexHome: home });
  const again = await staging;
  expect(again.path).not.toBe(file.path);
  await made.codex.close();
  expect(there(again)).toEqual([false]);
});

test('a home that is not on this machine is refused', async () => {
  const { codex } = await client('/nowhere/at/all');
  await expect(codex.files.stage(png)).rejects.toMatchObject({
    name: 'StagingError',
    reason: 'home',
    message: expect.stringContaining("expected the engine's home on this machine, got ENOENT"),
  });
  await codex.close();
});

test('attachments of a thread are added, listed and removed, and their owners found', async () => {
  const { codex, engine, thread } = await client();
  const key = { attachmentType: 'note', identityKey: 'k' };
  const [, added] = await Promise.all([
    thread.addAttachment({ ...key, payload: [1] }),
    engine.answer({ outcome: 'created' }),
  ]);
  expect(added).toMatchObject({ method: 'thread/attachment/add', params: { threadId: 'th', ...key, payload: [1] } });
  const listing = all(thread.attachments({ limit: 1 }));
  expect((await engine.answer({ data: [{ id: 'a' }], nextCursor: 'c' })).params).toEqual({ threadId: 'th', limit: 1 });
  expect((await engine.answer({ data: [{ id: 'b' }] })).params).toEqual({ threadId: 'th', limit: 1, cursor: 'c' });
  expect(await listing).toEqual([{ id: 'a' }, { id: 'b' }]);
  const owners = codex.attachmentOwners(key, { archived: false });
  const [first, asked] = await Promise.all([
    owners.next(),
    engine.answer({ data: [{ threadId: 'th' }], nextCursor: null }),
  ]);
  expect([first.value, asked.params]).toEqual([{ threadId: 'th' }, { ...key, archived: false }]);
  const [, removed] = await Promise.all([thread.removeAttachment(key), engine.answer({})]);
  expect(removed).toMatchObject({ method: 'thread/attachment/remove', params: { threadId: 'th', ...key } });
  await codex.close();
});

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}
