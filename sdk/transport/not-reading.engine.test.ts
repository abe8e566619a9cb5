import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { Codex, EngineNotReadingError } from '../index.ts';

const { path: codexBin } = await resolveEngine();

/** The engines that this process has started. */
const engines = (): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='])
    .toString()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === process.pid && args.join(' ').startsWith(codexBin))
    .map(([pid]) => Number(pid));

test.skipIf(process.platform === 'win32')(
  'an engine that is stopped, and goes on: what was refused works again',
  async () => {
    const home = await mkdtemp(join(tmpdir(), 'twinproof-not-reading-'));
    const off = ['analytics', 'feedback'].map((name) => `[${name}]\nenabled = false\n`).join('');
    await writeFile(
      join(home, 'config.toml'),
      `check_for_update_on_startup = false\n${off}[features]\nplugins = false\napps = false\nremote_plugin = false\n`,
    );
    const env = { CODEX_HOME: home, HOME: home, OPENAI_API_KEY: '' };
    const codex = new Codex({ codexBin, env, unsentLimit: 1_000_000 });
    try {
      await codex.connect();
      const [pid = 0, ...others] = engines();
      expect(others).toEqual([]);
      process.kill(pid, 'SIGSTOP');
      const thread = '01900000-0000-7000-8000-000000000001';
      const large = Array.from({ length: 30 }, () =>
        codex.rpc.threadNameSet({ threadId: thread, name: 'x'.repeat(100_000) }).catch((error: unknown) => error),
      );
      await expect(codex.models()).rejects.toThrow(EngineNotReadingError);
      process.kill(pid, 'SIGCONT');
      const outcomes = await Promise.all(large);
      // The engine refuses what it has read: there is no such thread.
      expect(outcomes.filter((error) => error instanceof EngineNotReadingError).length).toBeGreaterThan(10);
      expect(
        outcomes.filter((error) => (error as { kind?: string }).kind === 'invalid-request').length,
      ).toBeGreaterThan(10);
      expect((await codex.models()).data.length).toBeGreaterThan(0);
    } finally {
      await codex.close();
      await rm(home, { recursive: true, force: true });
    }
  },
);
