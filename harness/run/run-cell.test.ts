import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunOutcome } from '../driver/driver-process.ts';
import { CouldNotRunError, runCell } from './run-cell.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'run-cell-'));
});
afterEach(() => rm(folder, { recursive: true }));

const secret = 'a-plain-looking-secret';
const rawFile = () => path.join(folder, 'raw', 'x.jsonl');

/** A cell whose driver and engine do as they are told, and what was asked of them. */
async function run(over: { open?: Error; driver?: () => RunOutcome; finish?: object | Error; signal?: AbortSignal }) {
  const root = path.join(folder, 'cell');
  await mkdir(root);
  await writeFile(path.join(root, 'left'), '');
  const asked: string[] = [];
  const ends: RunOutcome[] = [];
  const cell = {
    ...{ paths: { root, workspace: root, home: root, codexHome: root, tmp: root, launcher: root }, env: {} },
    control: { url: 'http://127.0.0.1:1/' },
    finish: async () => {
      asked.push('finish');
      if (over.finish instanceof Error) throw over.finish;
      return { lines: [{ t: 2, ch: 'mark', mark: `wire ${secret}` }], machine: [], ...over.finish };
    },
    dispose: async () => void asked.push('dispose'),
  };
  const driver = {
    start: async () => ({ clientVersion: '1' }),
    run: async (_message: object, onLine: (line: object) => void, options: { signal?: AbortSignal }) => {
      asked.push(`run ${Object.keys(options).join()}`);
      onLine({ t: 3, ch: 'call', lane: 'main', op: `codex.${secret}`, args: {} });
      return (over.driver ?? (() => ({ outcome: 'done', notes: [], stderrTail: '' })))();
    },
  };
  const ran = runCell({
    plan: {
      scenario: { id: 'turns/plain', title: 't', family: 'app-server', covers: [], steps: [], file: '/f.yaml' },
      ...{ client: 'ts', engine: 'fake', round: 1 },
    } as never,
    driver: driver as never,
    open: async () => {
      if (over.open !== undefined) throw over.open;
      return cell as never;
    },
    engine: { version: '1', sha256: 's' },
    onEnd: (end) => void ends.push(end),
    ...{ rawFile: rawFile(), secrets: [secret] },
    ...(over.signal !== undefined && { signal: over.signal }),
  });
  const failure = await ran.then(
    () => undefined,
    (error: CouldNotRunError) => error,
  );
  return { ran, failure, asked, ends, root };
}
const outcome = (over: object): RunOutcome => ({ outcome: 'done', notes: [], stderrTail: '', ...over }) as never;

test('what was seen is in one order, without a secret, and written as it is returned; the cell is gone', async () => {
  const { signal } = new AbortController();
  const { ran, asked, ends, root } = await run({ signal });
  const { lines } = await ran;
  expect(lines.map(({ ch }) => ch)).toEqual(['mark', 'call']);
  const written = await readFile(rawFile(), 'utf8');
  expect(JSON.stringify(lines) + written).not.toContain(secret);
  expect(
    written
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line)),
  ).toEqual(lines);
  expect([asked, ends.length]).toEqual([['run signal', 'finish', 'dispose'], 1]);
  await expect(access(root)).rejects.toThrow('ENOENT');
});

const failing = (text: string) => new Error(`${text}: ${secret}`, { cause: new Error(`because of ${secret}`) });

test.each<[string, Parameters<typeof run>[0], string, boolean, boolean]>([
  [
    'a cell that cannot be opened',
    { open: failing('no room') },
    "cannot open the fake engine's cell for turns/plain: no room",
    false,
    false,
  ],
  [
    'a driver that throws',
    {
      driver: () => {
        throw failing('gone');
      },
    },
    'turns/plain with ts on the fake engine: gone',
    false,
    false,
  ],
  [
    'an engine that cannot be ended',
    { finish: failing('stuck') },
    'turns/plain with ts on the fake engine: stuck',
    false,
    false,
  ],
  [
    'a driver that fails',
    {
      driver: () =>
        outcome({ outcome: 'failed', message: `no luck with ${secret}`, stderrTail: `a trace of ${secret}` }),
    },
    'no luck with <redacted',
    true,
    true,
  ],
  [
    'one that says nothing of it',
    { driver: () => outcome({ outcome: 'crashed' }) },
    'the driver ts crashed',
    true,
    true,
  ],
  [
    'a machine that is at fault',
    { finish: { machine: [`the disk of ${secret} was full`, 'no memory'] } },
    'turns/plain with ts on the fake engine: the disk of <redacted',
    true,
    true,
  ],
])('%s: the cell could not run, says so without a secret, and is gone', async (_, over, says, began, isWritten) => {
  const { failure, asked, root } = await run(over);
  expect(failure).toBeInstanceOf(CouldNotRunError);
  expect(failure).toMatchObject({ began, message: expect.stringContaining(says) });
  const texts: string[] = [];
  for (let at: unknown = failure; at instanceof Error; at = at.cause) texts.push(at.message, at.stack ?? '');
  expect(texts.join('\n')).not.toContain(secret);
  await (isWritten ? access(rawFile()) : expect(access(rawFile())).rejects.toThrow('ENOENT'));
  if (over.open !== undefined) return;
  expect(asked.at(-1)).toBe('dispose');
  await expect(access(root)).rejects.toThrow('ENOENT');
});
