import { getEventListeners } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { folders } from './run-folder.ts';
import { Staging } from './staging.ts';
import type { StagingError } from './staging-error.ts';

type Handle = Awaited<ReturnType<typeof fs.open>>;
type Name = 'chmod' | 'lstat' | 'mkdir' | 'open' | 'readdir' | 'realpath' | 'rename' | 'rm';

const posix = process.platform !== 'win32';
let folder: string;
let home: string;
let staging: Staging;
/** Every file that was opened; none may be open in the end. */
let opened: Handle[];

/** As the system has them. */
const system = { ...fs };
type Any = (...args: never[]) => Promise<never>;

const open = async (...args: unknown[]): Promise<Handle> => {
  const handle: Handle = await (system.open as unknown as Any)(...(args as never[]));
  opened.push(handle);
  return handle;
};

/** Puts a function in the place of one of the file system's. */
function replace(name: Name, instead: (...args: string[]) => unknown): void {
  vi.spyOn(fs, name).mockImplementation(instead as never);
  syncBuiltinESMExports();
}

const restore = (): void => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failing-disk-'));
  home = join(folder, 'home');
  mkdirSync(home);
  staging = new Staging(home);
  opened = [];
  replace('open', open);
});
afterEach(async () => {
  restore();
  await staging.close();
  rmSync(folder, { recursive: true, force: true });
  expect(folders.size).toBe(0);
});

const artifacts = () => join(home, 'artifacts');
const runs = () => (existsSync(artifacts()) ? readdirSync(artifacts()) : []);
const inRuns = () => runs().flatMap((run) => readdirSync(join(artifacts(), run)));
const failure = async (source: Parameters<Staging['stage']>[0] = Buffer.from('x')): Promise<StagingError> =>
  await staging.stage(source, { name: 'big' }).then(
    () => expect.unreachable('staged'),
    (error: unknown) => error as StagingError,
  );
const closedAll = () => expect(opened.map(({ fd }) => fd)).toEqual(opened.map(() => -1));
const error = (code: string) => Object.assign(new Error(`${code}: it fails`), { code });

/** What fails of the file system while a file is staged. */
const failing: Record<string, (cause: Error) => void> = {
  'making the folder': (cause) => replace('mkdir', () => Promise.reject(cause)),
  'making the folder of the run': (cause) =>
    replace('mkdir', (path = '', ...more) => {
      if (dirname(path) === artifacts()) return Promise.reject(cause);
      return (system.mkdir as unknown as Any)(...([path, ...more] as never[]));
    }),
  'making the file': (cause) => replace('open', () => Promise.reject(cause)),
  'writing the file': (cause) =>
    replace('open', async (...args) => {
      const handle = await open(...args);
      vi.spyOn(handle, 'write').mockRejectedValue(cause);
      return handle;
    }),
  'moving the file': (cause) => replace('rename', () => Promise.reject(cause)),
};

test.each(
  Object.entries(failing).flatMap(([what, fail]) =>
    ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', ...(what.endsWith('file') ? ['EFBIG'] : [])].map(
      (code) => [what, code, fail] as const,
    ),
  ),
)('%s fails with %s: the error says whether there was no room, and why; nothing stays', async (_, code, fail) => {
  const cause = error(code);
  fail(cause);
  const noRoom = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  const told = await failure();
  expect(told).toMatchObject({
    ...{ name: 'StagingError', kind: 'staging', action: 'staging big' },
    ...{ reason: noRoom ? 'no-room' : 'home', retryable: noRoom },
    message: expect.stringMatching(
      noRoom ? /expected room in .*, got \w+: it fails/ : /that can be written to, got \w+: it fails/,
    ),
  });
  expect(told.cause).toBe(cause);
  closedAll();
  expect(inRuns()).toEqual([]);
  // What was broken is whole again.
  restore();
  expect(await staging.stage(Buffer.from('x'), {})).toMatchObject({ size: 1 });
});

test('a home that is not there, and a source that cannot be read, have the error of the system as their cause', async () => {
  rmSync(home, { recursive: true });
  expect(await failure()).toMatchObject({ reason: 'home', retryable: false, cause: { code: 'ENOENT' } });
  expect(await failure(join(folder, 'absent'))).toMatchObject({ reason: 'source', cause: { code: 'ENOENT' } });
  mkdirSync(home);
});

test.skipIf(!posix)('a source that is no file, one of another kind, and one that is too large are let go', async () => {
  const large = join(folder, 'large');
  writeFileSync(large, 'four');
  expect(await failure(folder)).toMatchObject({ reason: 'source' });
  await expect(staging.stage(large, { maxBytes: 3 })).rejects.toMatchObject({ reason: 'too-large' });
  await expect(staging.stage(large, { types: ['image/*'] })).rejects.toMatchObject({ reason: 'type' });
  expect(await staging.stage(large, {})).toMatchObject({ size: 4 });
  expect(opened.length).toBeGreaterThanOrEqual(5);
  closedAll();
  expect(inRuns()).toHaveLength(1);
});

test.skipIf(!posix)(
  'a folder that is replaced while a file is opened in it: refused, the file is closed and gone',
  async () => {
    await staging.stage(Buffer.from('first'), {});
    const [run = ''] = runs();
    replace('open', async (...args) => {
      // Kept, so that the new one has another identity.
      renameSync(join(artifacts(), run), join(folder, 'moved'));
      mkdirSync(join(artifacts(), run));
      return await open(...args);
    });
    expect(await failure()).toMatchObject({
      reason: 'home',
      message: expect.stringContaining('another one in its place'),
    });
    closedAll();
    expect(inRuns()).toEqual([]);
  },
);

test.skipIf(!posix)('a file that is replaced as soon as it was opened: refused, and closed', async () => {
  await staging.stage(Buffer.from('first'), {});
  replace('open', async (path = '', ...args) => {
    const handle = await open(path, ...args);
    renameSync(path, join(folder, 'moved'));
    writeFileSync(path, 'another');
    return handle;
  });
  expect(await failure()).toMatchObject({ reason: 'home' });
  closedAll();
});

test.skipIf(!posix)(
  'the folder is for this user alone, whatever the umask is, and whoever it belongs to is looked at',
  async () => {
    mkdirSync(artifacts(), { mode: 0o700 });
    const umask = process.umask(0o277);
    try {
      await staging.stage(Buffer.from('x'), {});
      expect(statSync(join(artifacts(), runs()[0] ?? '')).mode & 0o777).toBe(0o700);
    } finally {
      process.umask(umask);
    }
    for (const mode of [0o720, 0o702, 0o770]) {
      chmodSync(artifacts(), mode);
      const other = new Staging(home);
      await expect(other.stage(Buffer.from('x'), {})).rejects.toMatchObject({
        reason: 'home',
        message: expect.stringContaining(`the mode ${mode.toString(8)}`),
      });
    }
    chmodSync(artifacts(), 0o755);
    const owner = statSync(artifacts()).uid;
    vi.spyOn(process, 'getuid').mockReturnValue(owner + 1);
    const strange = new Staging(home);
    await expect(strange.stage(Buffer.from('x'), {})).rejects.toMatchObject({
      reason: 'home',
      message: expect.stringContaining(`of this user, got one of user ${owner}`),
    });
  },
);

test('all clients of a program share one listener for its end, which goes with the last of them', async () => {
  const before = process.listenerCount('exit');
  const homes = ['a', 'b', 'c'].map((name) => join(folder, name));
  for (const one of homes) mkdirSync(one);
  const all = homes.map((one) => new Staging(one));
  for (const one of all) await one.stage(Buffer.from('x'), {});
  expect([process.listenerCount('exit') - before, folders.size]).toEqual([1, 3]);
  for (const one of all) {
    await one.close();
    await one.close();
  }
  expect([process.listenerCount('exit') - before, folders.size]).toEqual([0, 0]);
  await staging.stage(Buffer.from('x'), {});
  expect(process.listenerCount('exit') - before).toBe(1);
});

test('a signal that is used for many files has no listener left', async () => {
  const { signal } = new AbortController();
  for (const text of ['a', 'b', 'c']) await staging.stage(Buffer.from(text), { signal });
  await expect(staging.stage(new Uint8Array(9), { signal, maxBytes: 3 })).rejects.toMatchObject({
    reason: 'too-large',
  });
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a close waits for what is being staged, and an abort in the last moment leaves nothing', async () => {
  let moved = () => {};
  const moving = new Promise<void>((resolve) => {
    moved = resolve;
  });
  let go = () => {};
  const may = new Promise<void>((resolve) => {
    go = resolve;
  });
  replace('rename', async (from = '', to = '') => {
    moved();
    await may;
    await system.rename(from, to);
  });
  const stop = new AbortController();
  const aborted = expect(staging.stage(Buffer.from('x'), { signal: stop.signal })).rejects.toMatchObject({
    ...{ name: 'AbortError', cause: 'enough' },
  });
  await moving;
  stop.abort('enough');
  go();
  await aborted;
  expect(inRuns()).toEqual([]);

  const late = new Promise<void>((resolve) => {
    moved = resolve;
  });
  const closing = expect(staging.stage(Buffer.from('y'), {})).rejects.toMatchObject({
    ...{ name: 'TransportClosedError', action: 'staging a file' },
  });
  await late;
  await Promise.all([staging.close(), closing]);
  expect(runs()).toEqual([]);
});

test('content that comes again while it is being removed is there afterwards', async () => {
  const { path, release } = await staging.stage(Buffer.from('x'), {});
  let removing = () => {};
  const begun = new Promise<void>((resolve) => {
    removing = resolve;
  });
  let go = () => {};
  const may = new Promise<void>((resolve) => {
    go = resolve;
  });
  replace('rm', async (given = '', ...more) => {
    if (given === path) {
      removing();
      await may;
    }
    await (system.rm as unknown as Any)(...([given, ...more] as never[]));
  });
  const released = release();
  await begun;
  const again = staging.stage(Buffer.from('x'), {});
  for (let round = 0; round < 50; round += 1) await new Promise(setImmediate);
  go();
  await released;
  expect(await fs.readFile((await again).path, 'utf8')).toBe('x');
});

test('what a program writes into its own bytes afterwards is not in the file', async () => {
  let go = () => {};
  const may = new Promise<void>((resolve) => {
    go = resolve;
  });
  replace('realpath', async (path = '') => {
    await may;
    return await system.realpath(path);
  });
  const bytes = Buffer.from('before');
  const staged = staging.stage(bytes, {});
  await new Promise(setImmediate);
  bytes.write('after!');
  go();
  const { path } = await staged;
  expect(await fs.readFile(path, 'utf8')).toBe('before');
});
