import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cleanName } from './clean-name.ts';
import type { FileSource } from './source.ts';
import { type StageOptions, Staging } from './staging.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const posix = process.platform !== 'win32';
let folder: string;
let home: string;
let staging: Staging;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staging-'));
  home = join(folder, 'home');
  mkdirSync(home);
  staging = new Staging(home);
});
afterEach(async () => {
  await staging.close();
  rmSync(folder, { recursive: true, force: true });
});

const artifacts = () => join(home, 'artifacts');
/** What there is in the folder of the only run. */
const inRun = () => readdirSync(artifacts()).flatMap((run) => readdirSync(join(artifacts(), run)));
const mode = (path: string) => (lstatSync(path).mode & 0o777).toString(8);
const stage = (source: FileSource, options: StageOptions = {}) => staging.stage(source, options);
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('a source of each kind', () => {
  const bytes = randomBytes(700_000);
  const cut = [bytes.subarray(0, 5), bytes.subarray(5, 300_000), bytes.subarray(300_000)];
  const sources: Record<string, () => FileSource> = {
    'a path': () => file('report.bin', bytes),
    'a URL': () => pathToFileURL(file('report.bin', bytes)),
    'a Buffer': () => bytes,
    'a Blob': () => new Blob([bytes]),
    'a File': () => new File([bytes], 'report.bin'),
    'a web stream': () => new Blob([bytes]).stream() as ReadableStream<Uint8Array>,
    "a stream of Node's": () => Readable.from(cut),
    'an async iterable': async function* () {
      yield* cut;
    } as never,
  };
  test.each(Object.entries(sources))('%s', async (_, make) => {
    const made = make() as FileSource | (() => FileSource);
    const staged = await stage(typeof made === 'function' ? made() : made, { name: 'a report.bin' });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(staged).toMatchObject({
      name: 'a report.bin',
      size: bytes.length,
      sha256,
      mediaType: 'application/octet-stream',
    });
    expect(readFileSync(staged.path).equals(bytes)).toBe(true);
    expect(inRun()).toEqual([`${sha256}.bin`]);
    if (posix)
      expect([mode(staged.path), mode(dirname(staged.path)), mode(artifacts())]).toEqual(['600', '700', '700']);
    await staged.release();
    expect(inRun()).toEqual([]);
  });
});

test('text in pieces is UTF-8, and an empty file is one', async () => {
  const staged = await stage(Readable.from(['Grü', 'ße']), { name: 'a.txt' });
  expect(readFileSync(staged.path, 'utf8')).toBe('Grüße');
  expect(await stage(new Uint8Array(0))).toMatchObject({
    size: 0,
    name: 'file',
    mediaType: 'application/octet-stream',
  });
});

test('the type is told by the first bytes, the ending of an image too, whatever its name says', async () => {
  expect(await stage(png, { name: 'x.txt' })).toMatchObject({
    mediaType: 'image/png',
    path: expect.stringMatching(/\.png$/),
  });
  expect(await stage(Buffer.from('GIF89a……'), { types: ['image/*'] })).toMatchObject({ mediaType: 'image/gif' });
  const text = Buffer.from('not a picture, whatever its name says');
  await expect(stage(text, { name: 'x.png', types: ['image/png', 'image/jpeg'] })).rejects.toMatchObject({
    name: 'StagingError',
    kind: 'staging',
    reason: 'type',
    message: 'Staging x.png: expected one of image/png, image/jpeg, got application/octet-stream.',
  });
  await expect(stage(new Uint8Array(3), { types: ['image/*'] })).rejects.toMatchObject({ reason: 'type' });
  expect(inRun()).toHaveLength(2);
});

test.each([
  ['89504e470d0a1a0a', 'image/png', '.png'],
  ['89504e470d0a1a00', undefined, undefined],
  ['ffd8ff', 'image/jpeg', '.jpg'],
  ['ffd8fe', undefined, undefined],
  ['474946383761', 'image/gif', '.gif'],
  ['474946383961', 'image/gif', '.gif'],
  ['474946383861', undefined, undefined],
  ['52494646000000005745425020', 'image/webp', '.webp'],
  ['5249464600000000574542ff20', undefined, undefined],
  ['52494646000000005741564520', undefined, undefined],
  ['255044462d', 'application/pdf', '.pdf'],
  ['2550444620', undefined, undefined],
])('the bytes %s are %s', async (hex, type = 'application/octet-stream', ending = '.txt') => {
  // However they come: the first of them tell, and no more than 16.
  const bytes = Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(30, 'x')]);
  for (const source of [bytes, Readable.from(Array.from(bytes, (byte) => Buffer.from([byte])))]) {
    const staged = await stage(source, { name: 'a.txt', types: [type] });
    expect([staged.mediaType, staged.path.slice(-ending.length)]).toEqual([type, ending]);
    const [kind] = type.split('/');
    for (const types of [['*/*'], [`${kind}/*`], ['text/plain', type]])
      expect(await stage(bytes, { types })).toMatchObject({ mediaType: type });
    for (const types of [['text/*'], [`${kind}/other`], [`${type}x`], []])
      await expect(stage(bytes, { types })).rejects.toMatchObject({ reason: 'type' });
  }
});

test('a file is called as its source is, if nothing else is said', async () => {
  const cases: [FileSource, string][] = [
    [file('report.bin', 'x'), 'report.bin'],
    [pathToFileURL(file('a b.bin', 'x')), 'a b.bin'],
    [new File(['x'], 'of a form.txt'), 'of a form.txt'],
    [new Blob(['x']), 'file'],
    [Readable.from(['x']), 'file'],
  ];
  for (const [source, name] of cases) expect((await stage(source)).name).toBe(name);
});

test('a web stream that is not read to its end is cancelled; one that is, and one that failed, is not', async () => {
  const ways: [name: string, options: StageOptions, cancelled: boolean][] = [
    ['too large', { maxBytes: 3 }, true],
    ['whole', {}, false],
    ['broken', {}, false],
  ];
  for (const [way, options, expected] of ways) {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(way));
        if (way === 'whole') controller.close();
        if (way === 'broken') controller.error(new Error('broken'));
      },
      cancel() {
        cancelled = true;
      },
    });
    await stage(stream, options).catch(() => {});
    await new Promise(setImmediate);
    expect([way, cancelled]).toEqual([way, expected]);
  }
});

test('an iterator is told to end only before its end', async () => {
  const returned: string[] = [];
  const source = (name: string, chunks: (string | Error)[]) => {
    const left = [...chunks];
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const value = left.shift();
          if (value instanceof Error) throw value;
          return value === undefined ? { done: true as const, value } : { done: false as const, value };
        },
        return: async () => {
          returned.push(name);
          return { done: true as const, value: undefined };
        },
      }),
    };
  };
  await stage(source('whole', ['a', 'b']) as never);
  await stage(source('broken', ['a', new Error('x')]) as never).catch(() => {});
  await stage(source('large', ['abcd', 'b']) as never, { maxBytes: 3 }).catch(() => {});
  await stage(source('wrong', ['a', 7 as never]) as never).catch(() => {});
  expect(returned).toEqual(['large', 'wrong']);
});

test('what is too large is refused, beforehand if the size is known, at the byte that is one too many if not', async () => {
  for (const source of [
    new Uint8Array(11),
    file('a', '12345678901'),
    new Blob(['12345678901']),
    Readable.from(['123456', '78901']),
  ])
    await expect(stage(source, { maxBytes: 10 })).rejects.toMatchObject({ reason: 'too-large' });
  let asked = 0;
  const endless = {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        asked += 1;
        yield new Uint8Array(5);
      }
    },
  };
  await expect(stage(endless, { maxBytes: 12 })).rejects.toMatchObject({ reason: 'too-large' });
  expect(asked).toBe(3);
  expect(await stage(new Uint8Array(10), { maxBytes: 10 })).toMatchObject({ size: 10 });
  expect(inRun()).toHaveLength(1);
});

test('several at once; the same content is one file until the last of them is released', async () => {
  const sources = Array.from({ length: 20 }, (_, at) => Buffer.alloc(300_000, at % 4));
  const staged = await Promise.all(sources.map((source) => stage(source)));
  expect(inRun()).toHaveLength(4);
  const [first, ...others] = staged.filter((_, at) => at % 4 === 0);
  await Promise.all([...others.map(({ release }) => release()), ...others.map(({ release }) => release())]);
  expect(existsSync(first?.path ?? '')).toBe(true);
  // One goes while the same content comes.
  const [, again] = await Promise.all([first?.release(), stage(sources[0] as Buffer)]);
  expect(existsSync(again.path)).toBe(true);
  await again.release();
  expect(inRun()).toHaveLength(3);
});

test('content that could not be stored is not taken for stored', async () => {
  const { path, release } = await stage(Buffer.from('the content'));
  await release();
  // Nothing can be renamed to a folder that has something in it.
  mkdirSync(join(path, 'something'), { recursive: true });
  await expect(stage(Buffer.from('the content'))).rejects.toThrow();
  rmSync(path, { recursive: true });
  const again = await stage(Buffer.from('the content'));
  expect(readFileSync(again.path, 'utf8')).toBe('the content');
});

test.skipIf(!posix)(
  'what is no file is refused at once: a named pipe, a device, a folder, a link, nothing',
  async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    symlinkSync(file('secret', 'x'), join(folder, 'link'));
    const refused: [string, string][] = [
      [pipe, 'a named pipe'],
      ['/dev/zero', 'a device or socket'],
      [folder, 'a folder'],
      [join(folder, 'link'), 'a symbolic link'],
      [join(folder, 'absent'), 'ENOENT'],
    ];
    for (const [path, got] of refused)
      await expect(stage(path)).rejects.toMatchObject({
        reason: 'source',
        message: expect.stringContaining(`got ${got}`),
      });
    await expect(stage(new URL('https://example.com/x'))).rejects.toThrow(TypeError);
    expect(existsSync(artifacts()) ? inRun() : []).toEqual([]);
  },
);

test('a source that fails, or says what is no bytes, leaves nothing, and its error is the cause', async () => {
  const cause = new Error('the line is cut');
  async function* failing() {
    yield png;
    throw cause;
  }
  await expect(stage(failing())).rejects.toMatchObject({ reason: 'source', cause });
  await expect(stage(Readable.from([{ a: 1 }]))).rejects.toMatchObject({ reason: 'source' });
  expect(inRun()).toEqual([]);
});

test('an abort ends it, also if the source never says anything more; the source is let go', async () => {
  let left: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  let waiting: () => void = () => {};
  const waits = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const silent = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        waiting();
        return new Promise<never>(() => {});
      },
      return: async () => {
        left();
        return { done: true as const, value: undefined };
      },
    }),
  };
  const controller = new AbortController();
  const ended = expect(stage(silent, { signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
    cause: 'enough',
  });
  await waits;
  controller.abort('enough');
  await Promise.all([ended, gone]);
  expect(inRun()).toEqual([]);
  await expect(stage(png, { signal: AbortSignal.abort('early') })).rejects.toMatchObject({ cause: 'early' });
  // And so does the end of the client.
  const closed = expect(stage(silent)).rejects.toMatchObject({ name: 'TransportClosedError' });
  await staging.close();
  await closed;
  expect(readdirSync(artifacts())).toEqual([]);
});

test('files go with the turn, the thread or the client that they were given to', async () => {
  const keeps = ['turn', 'thread', 'client', 'turn'] as const;
  const staged = await Promise.all(keeps.map((keep, at) => stage(Buffer.from(String(at)), { keep })));
  const paths = staged.slice(0, 3).map(({ path }) => path);
  const there = async () => {
    // The same content is staged behind whatever is being removed, and let go: what stays is what somebody holds.
    for (const at of keeps.keys()) await (await stage(Buffer.from(String(at)))).release();
    return staged.map(({ path }) => existsSync(path));
  };
  staging.given(paths, 'th', 't1');
  staging.given(paths, 'th', 't2');
  staging.turnEnded('t1');
  staging.turnEnded('other');
  staging.threadEnded('other');
  expect(await there()).toEqual([true, true, true, true]);
  staging.turnEnded('t2');
  expect(await there()).toEqual([false, true, true, true]);
  staging.threadEnded('th');
  expect(await there()).toEqual([false, false, true, true]);
  await staging.close();
  expect(readdirSync(artifacts())).toEqual([]);
});

test('a file of a thread stays as long as another thread has it, and one of a turn goes with its thread at the latest', async () => {
  const [turn, thread] = await Promise.all(
    (['turn', 'thread'] as const).map((keep) => stage(Buffer.from(keep), { keep })),
  );
  const paths = [turn?.path ?? '', thread?.path ?? ''];
  const there = async () => {
    for (const text of ['turn', 'thread']) await (await stage(Buffer.from(text))).release();
    return paths.map(existsSync);
  };
  staging.given(paths, 'th', 't');
  staging.given(paths, 'other', 't2');
  staging.threadEnded('th');
  expect(await there()).toEqual([true, true]);
  staging.threadEnded('other');
  expect(await there()).toEqual([false, false]);
});

describe.skipIf(!posix)('the folder is not what it was', () => {
  let outside: string;
  beforeEach(() => {
    outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), '');
  });
  const run = () => join(artifacts(), readdirSync(artifacts())[0] ?? '');

  test('artifacts is a link: refused', async () => {
    symlinkSync(outside, artifacts());
    await expect(stage(png)).rejects.toMatchObject({
      reason: 'home',
      message: expect.stringContaining('a symbolic link'),
    });
    expect(readdirSync(outside)).toEqual(['precious']);
  });

  test('artifacts can be written to by others: refused', async () => {
    mkdirSync(artifacts());
    execFileSync('chmod', ['777', artifacts()]);
    await expect(stage(png)).rejects.toMatchObject({
      reason: 'home',
      message: expect.stringContaining('the mode 777'),
    });
  });

  test.each([
    ['a link', (path: string) => symlinkSync(outside, path)],
    ['another folder', (path: string) => renameSync(outside, path)],
  ])('the folder of the run is replaced by %s: refused, nothing is written or removed there', async (_, replace) => {
    const first = await stage(png);
    const path = run();
    rmSync(path, { recursive: true });
    replace(path);
    await expect(stage(Buffer.from('x'))).rejects.toMatchObject({ reason: 'home' });
    // Not even what has the same name.
    const name = basename(first.path);
    writeFileSync(join(path, name), '');
    await first.release();
    await staging.close();
    expect(readdirSync(path).sort()).toEqual([name, 'precious'].sort());
  });

  test('there is no home, or it is a file: refused, and the next call tries again', async () => {
    rmSync(home, { recursive: true });
    await expect(stage(png)).rejects.toMatchObject({ reason: 'home' });
    writeFileSync(home, '');
    await expect(stage(png)).rejects.toMatchObject({ reason: 'home' });
    rmSync(home);
    mkdirSync(home);
    expect(await stage(png)).toMatchObject({ size: png.length });
  });
});

test('without a home, as of an engine within this program, the files are temporary ones', async () => {
  const temporary = new Staging(undefined);
  const { path } = await temporary.stage(png, {});
  expect(path.startsWith(join(tmpdir(), 'twinproof-'))).toBe(true);
  await temporary.close();
  expect(existsSync(dirname(path))).toBe(false);
});

describe('the name', () => {
  test.each([
    ['../../etc/passwd', 'passwd'],
    ['a/b\\c.txt', 'c.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['///', 'file'],
    ['.bashrc', 'bashrc'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['com1.tar.gz', '_com1.tar.gz'],
    ['COM0', '_COM0'],
    ['lpt0.x', '_lpt0.x'],
    ['com¹', '_com¹'],
    ['company', 'company'],
    ['console.log', 'console.log'],
    ['a\0b\nc', 'a_b_c'],
    ['x:stream?*', 'x_stream__'],
    ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
    ['résumé 履歴書.pdf', 'résumé 履歴書.pdf'],
    ['e\u0301.txt', 'é.txt'],
    ['half \ud83d.png', 'half _.png'],
    ['trailing. . ', 'trailing'],
    ['😀'.repeat(100), '😀'.repeat(45)],
    [`${'x'.repeat(300)}.png`, `${'x'.repeat(176)}.png`],
  ])('%j is %j', (given, expected) => expect(cleanName(given)).toBe(expected));

  test('of any text is a name on every system', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom('.', '/', '\\', ' ', 'a', 'nul', '\0') }),
        ),
        (given) => {
          const name = cleanName(given);
          expect(name).not.toMatch(/[/\\\0<>:"|?*]|^\.|[. ]$|^$|^(?:con|nul|aux|prn)(?:\.|$)/i);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
          expect(cleanName(name)).toBe(name);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('stands for the agent alone: on disk, the hash does', async () => {
    const { name, path } = await stage(png, { name: '../../x.PNG' });
    expect(name).toBe('x.PNG');
    expect(dirname(dirname(path))).toBe(artifacts());
  });
});
