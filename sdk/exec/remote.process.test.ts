import { chmodSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConnectError } from '../attach/connect-errors.ts';
import { AbortError } from '../errors/codex-error.ts';
import { Codex } from './codex.ts';
import type { CodexOptions } from './options.ts';

let folder: string;
let codexPathOverride: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remote-'));
  codexPathOverride = join(folder, 'codex');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const turn = '{"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1}}';

/** An engine that notes each start, and says its help by `help`, a command of the shell. */
function engine(help: string): void {
  const script = `#!/bin/sh
echo "$*" >> '${folder}/starts'
printf '%s' "$TWINPROOF_REMOTE_TOKEN" > '${folder}/token'
if [ "$2" = --help ]; then ${help}; exit; fi
cat > /dev/null; echo '${turn}'
`;
  writeFileSync(codexPathOverride, script);
  chmodSync(codexPathOverride, 0o755);
}

const starts = () => readFileSync(join(folder, 'starts'), 'utf8').trim().split('\n');
const threadOf = (options: Partial<CodexOptions> = {}) =>
  new Codex({ codexPathOverride, remote: 'unix:///x', ...options }).startThread();
const known = "echo '      --remote <ADDR>'";

test('the engine is asked for the option once for each client', async () => {
  engine(known);
  const thread = threadOf();
  await thread.run('hi');
  await thread.run('hi');
  const run = 'exec --experimental-json --remote unix:///x';
  expect(starts()).toEqual(['exec --help', run, run]);
});

test('the token goes by the environment, read anew for each run, and stands in no argument', async () => {
  engine(known);
  const tokens = ['tok-1', ' tok-2\n'];
  const thread = threadOf({ remoteToken: () => String(tokens.shift()) });
  for (const token of ['tok-1', 'tok-2']) {
    await thread.run('hi');
    expect(readFileSync(join(folder, 'token'), 'utf8')).toBe(token);
  }
  expect(starts().join()).not.toContain('tok-');
});

test.each([
  ['throws', () => Promise.reject(new Error('no vault')), 'one that failed'],
  ['gives no text', () => 7 as never, 'got 7'],
  ['gives nothing', () => '  ', 'got nothing'],
])('a token that %s is an error, and no run is started', async (_what, remoteToken, text) => {
  engine(known);
  const error = await threadOf({ remoteToken })
    .run('hi')
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectError);
  expect((error as Error).message).toContain(text);
  expect(starts()).toEqual(['exec --help']);
});

test('an abort ends the waiting for a token that never comes; no run is started', async () => {
  engine(known);
  const controller = new AbortController();
  let asked = () => {};
  const waits = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const thread = threadOf({
    remoteToken: () => {
      asked();
      return new Promise<string>(() => {});
    },
  });
  const run = thread.run('hi', { signal: controller.signal });
  await waits;
  controller.abort('no longer');
  const error = await run.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AbortError);
  expect(error).toMatchObject({ code: 'ABORT_ERR', cause: 'no longer' });
  expect(starts()).toEqual(['exec --help']);
});

test('an abort ends the waiting for a help that never comes', async () => {
  engine(`: > '${folder}/asked'; while [ -e '${folder}/asked' ]; do sleep 0.1; done`);
  const controller = new AbortController();
  const asked = new Promise<void>((resolve) => {
    const watcher = watch(folder, (_event, name) => {
      if (name !== 'asked') return;
      watcher.close();
      resolve();
    });
  });
  const run = threadOf().run('hi', { signal: controller.signal });
  await asked;
  controller.abort();
  await expect(run).rejects.toBeInstanceOf(AbortError);
  rmSync(join(folder, 'asked'));
  expect(starts()).toEqual(['exec --help']);
});

test('an engine without the option is asked once, and no run is started', async () => {
  engine('echo no option of this name');
  const thread = threadOf();
  for (let run = 0; run < 2; run += 1)
    await expect(thread.run('hi')).rejects.toMatchObject({
      kind: 'unsupported',
      action: 'starting codex exec',
      message: `Running codex exec with the option remote: expected an engine whose exec has --remote (0.171.0 or newer), got ${codexPathOverride}.`,
    });
  expect(starts()).toEqual(['exec --help']);
});

test('an engine that cannot be started is told by the run, in its own words', async () => {
  await expect(threadOf().run('hi')).rejects.toMatchObject({ name: 'LaunchError', code: 'ENOENT' });
});

test('an engine that reads its input before it says its help is not waited for', async () => {
  engine(`cat; ${known}`);
  await threadOf().run('hi');
  expect(starts()).toHaveLength(2);
});
