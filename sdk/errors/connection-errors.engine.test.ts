import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { Codex, type CodexConfig, EngineExitError } from '../index.ts';

const { path: codexBin } = await resolveEngine();
let home = '';
const clients: Codex[] = [];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'twinproof-exit-'));
  const quiet = ['analytics', 'feedback'].map((name) => `[${name}]\nenabled = false\n`).join('');
  const features = '[features]\nplugins = false\napps = false\nremote_plugin = false\n';
  const otel = '[otel]\nexporter = "none"\ntrace_exporter = "none"\nmetrics_exporter = "none"\n';
  await writeFile(join(home, 'config.toml'), `check_for_update_on_startup = false\n${quiet}${features}${otel}`);
});
afterAll(async () => {
  for (const codex of clients) await codex.close();
  await rm(home, { recursive: true, force: true });
});

/** A client whose engine has a home of its own, and no key. */
function client(config: CodexConfig): Codex {
  const env = { CODEX_HOME: home, HOME: home, OPENAI_API_KEY: '', ...config.env };
  const codex = new Codex({ codexBin, ...config, env });
  clients.push(codex);
  return codex;
}

/** How the connecting ends. */
async function failure(config: CodexConfig): Promise<unknown> {
  return await client(config)
    .connect()
    .catch((error: unknown) => error);
}

const shell = (command: string) => ({ launchArgsOverride: ['/bin/sh', '-c', command, codexBin] });

test.each([
  [{ configOverrides: ['approval_policy="always"'] }, 1, 'it refused to run', false],
  [{ env: { CODEX_HOME: '/dev/null' } }, 1, 'it refused to run', false],
  [{ launchArgsOverride: [codexBin, 'app-server', '--listen', 'nowhere://'] }, 2, 'its command line is wrong', false],
  // Rust panics where it cannot print; in every other way the engine would have to be broken for it.
  [shell('exec "$0" app-server 2>/dev/full'), 101, 'it panicked', true],
  [shell('exec /dev/null'), 126, 'could not execute', false],
  [shell('exec /nowhere/codex'), 127, 'did not find', false],
  [shell('"$0" app-server </dev/null >/dev/null; exit $?'), 0, 'asked to end', false],
])('%j ends with %d', async (config, exitCode, reason, retryable) => {
  const error = await failure(config);
  expect(error).toBeInstanceOf(EngineExitError);
  expect(error).toMatchObject({
    exitCode,
    signal: null,
    reason: expect.stringContaining(reason),
    retryable,
    action: 'initialize',
  });
});

test.each([
  ['SIGTERM', 0, null, false],
  ['SIGINT', null, 'SIGINT', false],
  ['SIGHUP', null, 'SIGHUP', false],
  ['SIGKILL', null, 'SIGKILL', true],
  ['SIGABRT', null, 'SIGABRT', true],
] as const)('%s', async (sent, exitCode, signal, retryable) => {
  // The shell tells its own id, which the engine takes over.
  const codex = client({
    launchArgsOverride: ['/bin/sh', '-c', 'echo $$ > "$CODEX_HOME/pid"; exec "$0" app-server', codexBin],
  });
  await codex.connect();
  const waiting = codex.nextNotification().catch((error: unknown) => error);
  process.kill(Number(await readFile(join(home, 'pid'), 'utf8')), sent);
  let error: unknown;
  for (error = await waiting; !(error instanceof Error); )
    error = await codex.nextNotification().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'EngineExitError', exitCode, signal, retryable });
});
