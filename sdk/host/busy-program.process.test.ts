import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as round } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Codex } from '../client/codex.ts';

/** Answers every request, the one of `initialize` too if it is told to mark it, with a text of the given length; before or after that it makes the file. */
const engine = `
const { closeSync, openSync, writeSync } = require('node:fs');
const [file, marked, length] = process.argv.slice(1);
const write = (text) => { for (let rest = Buffer.from(text); rest.length > 0; ) try { rest = rest.subarray(writeSync(1, rest)); } catch {} };
let text = '';
process.stdin.on('data', (chunk) => {
  text += chunk;
  const lines = text.split('\\n');
  text = lines.pop();
  for (const line of lines) {
    const { id, method } = JSON.parse(line);
    if (id === undefined) continue;
    const answer = JSON.stringify({ id, result: { userAgent: 'busy/1.0', data: [], text: 'x'.repeat(Number(length)) } }) + '\\n';
    if (method !== marked) { write(answer); continue; }
    // What does not fit into the pipe waits for its reader.
    if (answer.length < 60_000) write(answer);
    closeSync(openSync(file, 'w'));
    if (answer.length >= 60_000) write(answer);
  }
});`;

let folder: string;
let codex: Codex;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busy-'));
});
afterEach(async () => {
  await codex.close();
  await rm(folder, { recursive: true });
});

function client(marked: string, length: number): { file: string } {
  const file = join(folder, 'answered');
  codex = new Codex({ launchArgsOverride: [process.execPath, '-e', engine, file, marked, String(length)] });
  return { file };
}

/** Nothing else can run until the answer lies in the pipe, and the time is over. */
function beBusy(file: string, ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until || !existsSync(file); );
}

test.each([0, 300_000])(
  'an answer of %d characters that has come in time is an answer, however late it is read',
  async (length) => {
    const { file } = client('model/list', length);
    await codex.connect();
    const answer = codex.models({ timeoutMs: 300 });
    await round();
    beBusy(file, 800);
    expect((await answer).data).toEqual([]);
  },
);

test('so it is while connecting', async () => {
  const { file } = client('initialize', 0);
  const connected = codex.connect({ timeoutMs: 2000 });
  // The process is started, and has its first line.
  await round();
  await round();
  beBusy(file, 2100);
  expect((await connected).serverInfo.name).toBe('busy');
});
