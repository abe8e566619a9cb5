import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readTar, UnsafeTarEntry } from './read-tarball.mjs';
import { foreignArchives, foreignFiles, tar } from './test-fixtures/tarball.ts';

async function filesOf(archive: Buffer, chunk = archive.length): Promise<Record<string, string>> {
  const chunks = Array.from({ length: Math.ceil(archive.length / chunk) }, (_, index) =>
    archive.subarray(index * chunk, (index + 1) * chunk),
  );
  const files: Record<string, string> = {};
  for await (const { path, body } of readTar(Readable.from(chunks))) {
    const content: Buffer[] = [];
    for await (const bytes of body) content.push(bytes);
    files[path] = Buffer.concat(content).toString();
  }
  return files;
}

test.each(Object.entries(foreignArchives))('an archive of another hand is read: %s', async (_, archive) => {
  expect(await filesOf(gunzipSync(Buffer.from(archive, 'base64')))).toEqual(foreignFiles);
});

test('the chunks in which it comes do not matter, nor files that nobody reads', async () => {
  const archive = tar([
    { name: 'a', content: 'x'.repeat(600) },
    { name: 'b', content: 'second' },
  ]);
  for (const size of [1, 7, 511, 513]) {
    expect(await filesOf(archive, size)).toEqual({ a: 'x'.repeat(600), b: 'second' });
  }
  const names: string[] = [];
  for await (const { path } of readTar(Readable.from([archive]))) names.push(path);
  expect(names).toEqual(['a', 'b']);
});

test.each(['../x', 'a/../../x', '/etc/x', 'C:\\x', '..\\x', '\\x'])('the name %s leads out (300)', async (name) => {
  await expect(filesOf(tar([{ name }]))).rejects.toMatchObject({ path: name, constructor: UnsafeTarEntry });
});

test.each(['1', '2', '3', '4', '6'])('an entry of type %s is neither file nor folder (300)', async (type) => {
  await expect(filesOf(tar([{ name: 'codex', type }]))).rejects.toThrow(UnsafeTarEntry);
});

test('a broken archive is told from a whole one (300)', async () => {
  const whole = tar([{ name: 'a', content: 'text' }]);
  await expect(filesOf(whole.subarray(0, 514))).rejects.toThrow('it is cut off');
  await expect(filesOf(tar([{ name: 'a', content: 'text' }], false))).rejects.toThrow('without an end mark');
  const other = Buffer.from(whole);
  other[3] = 65;
  await expect(filesOf(other)).rejects.toThrow(/^Reading a header: expected the checksum \d+, got \d+\.$/);
});
