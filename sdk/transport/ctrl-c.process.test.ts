import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const engine = fileURLToPath(new URL('../test-fixtures/scripted-engine.mjs', import.meta.url));
const menu = new URL('../index.ts', import.meta.url).href;

/** A program that handles Ctrl-C by one more request: what came of it. */
async function afterCtrlC(config: object): Promise<string> {
  const command = [process.execPath, engine, JSON.stringify({ last: [{ result: {} }] })];
  const program = `
    import { Codex } from ${JSON.stringify(menu)};
    const codex = new Codex(${JSON.stringify({ launchArgsOverride: command, ...config })});
    await codex.connect();
    // The engine holds the program by this wait.
    const ended = codex.nextNotification().catch(() => {});
    process.on('SIGINT', async () => {
      // Where the engine got the signal too, its end is told here.
      const answer = codex.request('last').then(() => 'answered', (error) => error.kind);
      console.log(${'detached' in config} ? await answer : (await ended, 'ended'));
      await codex.close();
      process.exit();
    });
    console.log('ready');`;
  // A process group of its own, as a shell makes for what it starts.
  const host = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: host.stdout })) {
    lines.push(line);
    if (line === 'ready') process.kill(-(host.pid ?? 0), 'SIGINT');
  }
  if (host.exitCode === null && host.signalCode === null) await once(host, 'exit');
  return lines.at(-1) ?? '';
}

test.skipIf(process.platform === 'win32').each([
  [{}, 'ended'],
  [{ detached: true }, 'answered'],
])('Ctrl-C in a terminal, with %j: the engine of a program that handles it has %s', async (config, expected) => {
  expect(await afterCtrlC(config)).toBe(expected);
});
