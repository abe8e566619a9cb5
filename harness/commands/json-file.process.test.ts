import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, open, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jsonFile } from './json-file.ts';
import { UsageError } from './read-arguments.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'json-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const write = async (file: string, value: unknown) => (await jsonFile(file))?.write(value);
const expected = '{\n  "a": 1\n}\n';

test('a new file and its folders are made, and an old one is replaced as a whole', async () => {
  await write(at('new/er/file.json'), { a: 1 });
  expect(await readFile(at('new/er/file.json'), 'utf8')).toBe(expected);
  await write(at('new/er/file.json'), { a: 2 });
  expect(JSON.parse(await readFile(at('new/er/file.json'), 'utf8'))).toEqual({ a: 2 });
  expect(await jsonFile(undefined)).toBeUndefined();
});

describe.skipIf(process.platform === 'win32')('what is more than a file', () => {
  test('a link stays a link, also one of several and one that leads nowhere yet', async () => {
    await writeFile(at('real.json'), 'old');
    await symlink('real.json', at('link.json'));
    await symlink(at('link.json'), at('second.json'));
    await symlink('later/there.json', at('dangling.json'));
    await write(at('second.json'), { a: 1 });
    expect(await readFile(at('real.json'), 'utf8')).toBe(expected);
    expect([await readlink(at('link.json')), await readlink(at('second.json'))]).toEqual([
      'real.json',
      at('link.json'),
    ]);
    await write(at('dangling.json'), { a: 1 });
    expect(await readFile(at('later/there.json'), 'utf8')).toBe(expected);
    expect((await lstat(at('dangling.json'))).isSymbolicLink()).toBe(true);
  });

  test('the reader of a FIFO gets it, however long it is; without a reader this is said', async () => {
    spawnSync('mkfifo', [at('fifo')]);
    const long = { text: 'x'.repeat(300_000) };
    const target = await jsonFile(at('fifo'));
    await expect(target?.write(long)).rejects.toThrow('got a FIFO that nobody reads');
    // A reader that is there at once and never reads; the other one may open after the writer.
    const there = await open(at('fifo'), constants.O_RDONLY | constants.O_NONBLOCK);
    const reader = spawn('cat', [at('fifo')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = text(reader.stdout);
    await target?.write(long);
    await there.close();
    expect(JSON.parse(await said)).toEqual(long);
    expect((await lstat(at('fifo'))).isFIFO()).toBe(true);
  });

  test('a device is written to and stays', async () => {
    await write('/dev/null', { a: 1 });
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
    if (process.platform === 'linux') await expect(write('/dev/full', { a: 1 })).rejects.toThrow('got ENOSPC');
  });

  test('a folder, a circle of links and a place without permission are refused before anything runs', async () => {
    await symlink('b', at('a'));
    await symlink('a', at('b'));
    await mkdir(at('shut'));
    await writeFile(at('file'), '');
    await expect(jsonFile(folder)).rejects.toThrow(/expected a file, FIFO or device that can be written, got a folder/);
    await expect(jsonFile(at('a'))).rejects.toThrow('got a circle of links');
    await expect(jsonFile(at('file/below'))).rejects.toThrow('got ENOTDIR');
    await expect(jsonFile(folder)).rejects.toThrow(UsageError);
    await chmod(at('shut'), 0o500);
    // Root may write everywhere.
    if (process.getuid?.() !== 0) await expect(jsonFile(at('shut/x.json'))).rejects.toThrow('no permission');
  });

  test.each(['pipe', 'file'])('stdout as a %s keeps what was said before and after', async (kind) => {
    const program = `
      import { jsonFile } from ${JSON.stringify(join(import.meta.dirname, 'json-file.ts'))};
      process.stdout.write('before\\n');
      await (await jsonFile('/dev/stdout')).write({ a: 1 });
      process.stdout.write('after\\n');`;
    await writeFile(at('program.mts'), program);
    const tsx = join(import.meta.dirname, '../../node_modules/tsx/dist/cli.mjs');
    const script = kind === 'pipe' ? '"$@" | cat' : `"$@" > ${at('said')}; cat ${at('said')}`;
    const done = spawnSync('sh', ['-c', script, 'sh', process.execPath, tsx, at('program.mts')], { encoding: 'utf8' });
    expect(done.stdout).toBe(`before\n${expected}after\n`);
  });
});
