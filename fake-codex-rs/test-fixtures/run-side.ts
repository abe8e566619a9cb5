import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../exact-json.ts';

const bundle = fileURLToPath(new URL('../../dist/fake-codex-rs.mjs', import.meta.url));

export interface SideEnd {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs of the bundled fake that are no servers: all of stdin is given at once. */
export interface SideRuns {
  run(
    options: JsonObject,
    argv: string[],
    stdin: string,
    cwd?: string,
  ): { ended: Promise<SideEnd>; said: Promise<unknown>; kill(signal: NodeJS.Signals): void };
  /** The same, with a log of its own: what is run next is the first start again. */
  fresh(): SideRuns;
  /** The texts of the marks in the log. */
  marks(): string[];
  /** The log as it stands. */
  log(): string;
  dispose(): Promise<void>;
}

/** @param env further environment of every run */
export function sideRuns(env: Record<string, string> = {}): SideRuns {
  const folder = mkdtempSync(join(tmpdir(), 'fake-side-'));
  const runs: ReturnType<typeof spawn>[] = [];
  let log = join(folder, 'log-0');
  let logs = 0;
  const read = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  const self: SideRuns = {
    run(options, argv, stdin, cwd = folder) {
      const file = join(folder, `options-${runs.length}`);
      writeFileSync(file, JSON.stringify({ log, ...options }));
      const child = spawn(process.execPath, [bundle, '--replay-options', file, ...argv], {
        cwd,
        stdio: 'pipe',
        env: { ...process.env, ...env },
      });
      runs.push(child);
      let stdout = '';
      let stderr = '';
      const said = once(child.stdout, 'data');
      said.catch(() => {});
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      // It may leave before it has read all.
      child.stdin.on('error', () => {});
      child.stdin.end(stdin);
      const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
      return { ended, said, kill: (signal) => void child.kill(signal) };
    },
    fresh() {
      logs += 1;
      log = join(folder, `log-${logs}`);
      return self;
    },
    marks: () =>
      read()
        .split('\n')
        .filter((line) => line.includes('"ch":"mark"'))
        .map((line) => (JSON.parse(line) as { detail: { text: string } }).detail)
        .map((detail) => detail.text ?? String(detail)),
    log: read,
    async dispose() {
      for (const child of runs) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}
