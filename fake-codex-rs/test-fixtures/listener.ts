import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../exact-json.ts';
import type { Address } from './websocket-client.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** An app-server that is reached over sockets: the fake or the engine. */
export interface Listener {
  /** What it said on stderr so far. */
  stderr(): string;
  /** Resolves when it listens: with its banner's port, or when its socket is there. Rejects with its stderr when it ends before. */
  address: Promise<Address>;
  endStdin(): void;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the program has a handler for the signal: on a busy machine it answers requests before that. */
  handles(signal: NodeJS.Signals): Promise<void>;
  ended: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>;
}

export interface Listeners {
  /** A new folder's own place, for sockets and homes. */
  folder: string;
  /** @param url of `--listen` */
  fake(url: string, options?: JsonObject, ...args: string[]): Listener;
  engine(url: string, ...args: string[]): Listener;
  /** What the fakes logged on a channel. */
  logged(ch: string): JsonObject[];
  /** Ends what still runs, and removes the folder. */
  dispose(): Promise<void>;
}

export function listeners(): Listeners {
  const folder = mkdtempSync(join(tmpdir(), 'fake-listen-'));
  const log = join(folder, 'log');
  const running: ReturnType<typeof spawn>[] = [];
  const start = (url: string, args: string[], command: string, program: string[], env: NodeJS.ProcessEnv): Listener => {
    const path = /^unix:\/\/(.+)/.exec(url)?.[1];
    const before = path === undefined ? undefined : state(path);
    const child = spawn(command, [...program, 'app-server', '--listen', url, ...args], { stdio: 'pipe', env });
    running.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stdin.on('error', () => {});
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
    const address = new Promise<Address>((resolve, reject) => {
      if (path !== undefined) void appeared(path, before, ended).then(() => resolve({ path }));
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
        const [, host = '', port] = /listening on: ws:\/\/\[?(.+?)\]?:(\d+)\n/.exec(stderr) ?? [];
        if (port !== undefined && /note: .*\n/.test(stderr)) resolve({ host, port: Number(port) });
      });
      void ended.then(() => reject(new Error(stderr)));
    });
    address.catch(() => {});
    return {
      stderr: () => stderr,
      address,
      endStdin: () => void child.stdin.end(),
      kill: (signal) => void child.kill(signal),
      handles: (signal) => handles(child.pid as number, signal),
      ended,
    };
  };
  return {
    folder,
    fake(url, options = {}, ...args) {
      const file = join(folder, 'options');
      writeFileSync(file, JSON.stringify({ log, ...options }));
      const program = [join(repository, 'dist/fake-codex-rs.mjs'), '--replay-options', file];
      return start(url, args, process.execPath, program, process.env);
    },
    engine(url, ...args) {
      const env = { PATH: process.env.PATH, HOME: folder, CODEX_HOME: folder };
      return start(url, args, enginePath(), [], env);
    },
    logged(ch) {
      if (!existsSync(log)) return [];
      const rows = readFileSync(log, 'utf8').split('\n').slice(0, -1);
      return rows.map((row) => JSON.parse(row) as JsonObject).filter((record) => record.ch === ch);
    },
    async dispose() {
      for (const child of running) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        // Killed, the engine leaves the file that its unix socket is a link to, in a folder that no test owns.
        child.kill(child.spawnfile === process.execPath ? 'SIGKILL' : 'SIGTERM');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The fake imports nothing of the other parts, its tests neither: a program tells where the engine is. */
export function enginePath(): string {
  const program =
    "import { resolveEngine } from './native/resolve-engine.mjs'; console.log((await resolveEngine()).path)";
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: repository,
    encoding: 'utf8',
  }).trim();
}

/** Which file stands at a path: one that was put in another's place is another. */
function state(path: string): string | undefined {
  const there = statSync(path, { throwIfNoEntry: false });
  return there && `${there.ino} ${there.ctimeMs}`;
}

/** Resolves when a new file is at the path; never when the program ends without it. */
async function appeared(path: string, before: string | undefined, ended: Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve) => {
    const watcher = watch(dirname(path), () => look());
    const look = () => {
      const now = state(path);
      if (now === undefined || now === before) return;
      watcher.close();
      resolve();
    };
    void ended.then(() => watcher.close());
    look();
  });
}

/** Resolves when the process has a handler for the signal, or is gone. Only Linux tells. */
async function handles(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (process.platform !== 'linux') return;
  const bit = 1n << BigInt(constants.signals[signal] - 1);
  for (;;) {
    try {
      const [, caught = '0'] = /^SigCgt:\t([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      if (BigInt(`0x${caught}`) & bit) return;
    } catch {
      return;
    }
    await setImmediate();
  }
}
