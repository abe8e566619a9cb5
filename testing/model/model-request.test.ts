import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { BodyError, readBody, safeHeaders } from './model-request.ts';

const request = (body: string | Buffer, encoding?: string) =>
  Object.assign(Readable.from([Buffer.from(body)]), {
    headers: encoding === undefined ? {} : { 'content-encoding': encoding },
  }) as unknown as IncomingMessage;
const zstd = (zlib as { zstdCompressSync?: (data: string) => Buffer }).zstdCompressSync;

test.each(['7', '[]', 'null', '"text"'])('%s is refused: a body is a JSON object', async (body) => {
  const read = readBody(request(body));
  await expect(read).rejects.toThrow('expected a JSON object');
  await expect(read).rejects.toMatchObject({ status: 400 });
});

test.each<[string, string | Buffer]>([
  ['identity', '{"input":"é"}'],
  ['gzip', zlib.gzipSync('{"input":"é"}')],
  ...(zstd ? [['zstd', zstd('{"input":"é"}')] as [string, Buffer]] : []),
])('a body in %s is read', async (encoding, body) => {
  expect(await readBody(request(body, encoding))).toEqual({ input: 'é' });
});

test('an encoding that nobody knows is status 415, a body that is not in its encoding 400', async () => {
  await expect(readBody(request('{}', 'later'))).rejects.toMatchObject({ status: 415 });
  const broken = readBody(request('{}', 'gzip'));
  await expect(broken).rejects.toBeInstanceOf(BodyError);
  await expect(broken).rejects.toMatchObject({ status: 400 });
});

test('headers that may hold a secret are dropped; one that came twice is a list', () => {
  expect(
    safeHeaders({
      ...{ authorization: 'Bearer x', cookie: 'a=b', 'x-forwarded-for': '::1', accept: 'text/event-stream' },
      ...{ 'x-codex-turn': ['1', '2'], 'x-openai-later': 'y', version: undefined },
    } as never),
  ).toEqual({ accept: 'text/event-stream', 'x-codex-turn': '1, 2', 'x-openai-later': 'y' });
});
