import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type JsonObject, type JsonValue, readJson, writeJson } from '../exact-json.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Bundles the fake where its sources have changed. */
export function buildFake(): void {
  execFileSync(process.execPath, ['scripts/build-fake.mjs'], { cwd: repository, stdio: 'pipe' });
}

export const header = { kind: 'golden', schemaVersion: 1, scenario: 'x/y', client: 'python', engineVersion: '0.163.0' };

/** Lines of a golden: `out` and `in` for the wire, else the line itself. */
export function goldenText(...lines: JsonObject[]): string {
  const whole = lines.map((line) => {
    const dir = 'in' in line ? 'in' : 'out' in line ? 'out' : undefined;
    if (dir === undefined) return { lane: line.ch, key: line.ch, ...line };
    const { params = {} } = line[dir] as { params?: JsonObject };
    return { lane: `${dir}/${params.threadId ?? '-'}`, key: 'x', ch: `wire.${dir}`, body: { msg: line[dir] } };
  });
  return [header, ...whole].map((line) => `${writeJson(line)}\n`).join('');
}

/** One run of the bundled fake, with a client that sends and reads lines. */
export interface FakeRun {
  send(message: JsonValue): void;
  /** The next line that the fake says. Nothing is read before the first call, or the fake's end. */
  next(): Promise<JsonObject>;
  end(): void;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
  /** What it logged on a channel. */
  logged(ch: string): JsonObject[];
  /** The texts of its `replay miss` marks. */
  misses(): string[];
}

export interface FakeRuns {
  start(golden: string, options?: JsonObject, argv?: string[]): FakeRun;
  /** Ends what still runs, and removes the files. */
  dispose(): Promise<void>;
}

export function fakeRuns(): FakeRuns {
  const folder = mkdtempSync(join(tmpdir(), 'fake-codex-rs-'));
  const runs: ReturnType<typeof spawn>[] = [];
  return {
    start(golden, options = {}, argv = ['app-server', '--listen', 'stdio://']) {
      const [goldenFile, log, optionsFile] = ['golden', 'log', 'options'].map((name) => join(folder, name));
      writeFileSync(goldenFile as string, golden);
      writeFileSync(optionsFile as string, writeJson({ golden: goldenFile, log, ...options }));
      const args = [join(repository, 'dist/fake-codex-rs.mjs'), '--replay-options', optionsFile as string, ...argv];
      const child = spawn(process.execPath, args, { stdio: 'pipe' });
      runs.push(child);
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      // The fake may leave before it has read all.
      child.stdin.on('error', () => {});
      let lines: AsyncIterator<string> | undefined;
      const exited = once(child, 'exit');
      const closed = once(child, 'close');
      const logged = (ch: string) => {
        const rows = readFileSync(log as string, 'utf8')
          .split('\n')
          .slice(0, -1);
        return rows.map((row) => readJson(row) as JsonObject).filter((record) => record.ch === ch);
      };
      return {
        send: (message) => void child.stdin.write(`${writeJson(message)}\n`),
        async next() {
          lines ??= createInterface({ input: child.stdout })[Symbol.asyncIterator]();
          const { value, done } = await lines.next();
          if (done) throw new Error(`The fake said nothing more; stderr: ${stderr}`);
          return readJson(value) as JsonObject;
        },
        end: () => void child.stdin.end(),
        kill: (signal) => void child.kill(signal),
        ended: exited.then(async ([code, signal]) => {
          if (lines === undefined) child.stdout.resume();
          await closed;
          return { code, signal, stderr };
        }),
        logged,
        misses: () =>
          logged('mark').flatMap(({ mark, detail }) =>
            mark === 'replay miss' ? [(detail as { text: string }).text] : [],
          ),
      };
    },
    async dispose() {
      for (const child of runs) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
