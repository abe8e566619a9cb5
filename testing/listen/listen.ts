import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import type { AttachOptions } from '../../sdk/attach/attach-options.ts';
import { buildLaunch } from '../../sdk/client/launch.ts';
import { fromCaller, showCallers } from '../../sdk/errors/callers-line.ts';
import { clearTimeout, setTimeout } from '../../sdk/host/real-timers.ts';
import { Codex, type CodexConfig, type TransportFactory, unixSocket, webSocket } from '../../sdk/index.ts';
import { endWithHost } from '../../sdk/transport/live-processes.ts';
import { opening, type Releases } from '../engine/releases.ts';

/** How an engine listens. */
export interface ListenOptions {
  /** On a unix socket, or for WebSocket on a free port of 127.0.0.1. Default: `unix`. */
  over?: 'unix' | 'ws';
  /** The path of its socket, at most 100 bytes long; only over `unix`. Default: one in a new folder of the temporary folder. */
  path?: string;
  /** The token that it asks for; only over `ws`. Default: it asks for none. */
  token?: string;
}

/** An engine that listens, and clients that attach to it. */
export interface ListeningEngine {
  /** The path of its socket, or its `ws:` URL. */
  readonly address: string;
  /** Its process. */
  readonly pid: number | undefined;
  /** For `new Codex({ transport })`; with the engine's token, if the options have none. */
  transport(options?: AttachOptions): TransportFactory;
  /** Returns an attached client; `close()` closes it. */
  codex(config?: CodexConfig): Codex;
  /** Ends the engine alone, so that its clients lose their connection. Resolves when it is gone. Default: `SIGTERM`. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again, at the same address. @throws Error if it ends before it listens */
  start(): Promise<void>;
  /** Closes the clients, ends the engine and removes its files. May be called twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How long an engine has between SIGTERM and SIGKILL, in milliseconds. */
const graceMs = 5000;

/**
 * Starts an engine that listens (`codex app-server --listen`), for tests of clients that attach to it.
 * ```ts
 * import { listen, scriptedModel } from 'twinproof/testing';
 *
 * await using model = await scriptedModel([{ message: 'All good.' }, { message: 'They pass.' }]);
 * await using engine = await listen(model.config);
 * const [one, other] = [engine.codex(), engine.codex()];
 * const thread = await one.threadStart();
 * await thread.run('Review this.');
 * const same = await other.threadResume(thread.id);
 * const { finalResponse } = await same.run('And the tests?');
 * ```
 * @param config that of `scriptedModel()`, `fakeEngine()` or `replay()`, or of a client of yours. A played engine serves one client at a time, and each
 * plays what the next start of the engine would
 * @throws Error if the engine ends before it listens
 */
export async function listen(config: CodexConfig, options: ListenOptions = {}): Promise<ListeningEngine> {
  return await fromCaller(listen, () => opening((releases) => openListening(config, options, releases)));
}

async function openListening(
  config: CodexConfig,
  { over = 'unix', path, token }: ListenOptions,
  releases: Releases,
): Promise<ListeningEngine> {
  // Directly in the temporary folder: the path of a socket has 107 bytes at most.
  const folder = await mkdtemp(join(tmpdir(), 'tp-'));
  releases.add(() => rm(folder, { recursive: true, force: true }));
  // By its hash: the token itself is in no file, and not on the command line.
  const hash = token === undefined ? '' : createHash('sha256').update(token).digest('hex');
  const auth = token === undefined ? [] : ['--ws-auth', 'capability-token', '--ws-token-sha256', hash];
  let address = over === 'unix' ? (path ?? join(folder, 's')) : 'ws://127.0.0.1:0';
  let running: Running | undefined;
  const stop = async (signal?: NodeJS.Signals) => await running?.end(signal);
  const start = async () => {
    // A killed engine leaves its socket, which would be taken for that of the new one.
    if (running && over === 'unix') await rm(address, { force: true });
    const url = over === 'unix' ? `unix://${address}` : address;
    running = await startListening(config, [url, ...auth], over === 'unix' ? address : undefined);
    if (over === 'ws') address = running.url;
  };
  releases.add(stop);
  await start();
  const clients: Codex[] = [];
  releases.add(() => Promise.all(clients.map((client) => client.close())));
  const transport = (own: AttachOptions = {}) => {
    const attach = { ...(token !== undefined && { token }), ...own };
    return over === 'unix' ? unixSocket(address, attach) : webSocket(address, attach);
  };
  const close = async () => await releases.run();
  return showCallers({
    get address() {
      return address;
    },
    get pid() {
      return running?.pid;
    },
    transport,
    codex(more: CodexConfig = {}) {
      const client = new Codex({ transport: transport(), ...more });
      clients.push(client);
      return client;
    },
    stop,
    start,
    close,
    [Symbol.asyncDispose]: close,
  });
}

interface Running {
  pid: number | undefined;
  /** Where it listens, if it says so. */
  url: string;
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** @param path of its unix socket */
async function startListening(config: CodexConfig, listenArgs: string[], path: string | undefined): Promise<Running> {
  const { spawn } = await import('node:child_process');
  const { command, args, cwd, env } = buildLaunch(config);
  const own = args[0] === undefined ? [] : args.slice(0, args.lastIndexOf('app-server'));
  const child = spawn(command, [...own, 'app-server', '--listen', ...listenArgs], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => void child.once('close', () => resolve()).once('error', () => resolve()));
  const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.pid === undefined) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await gone;
    clearTimeout(timer);
  };
  const takeOffList = endWithHost({ child, close: end });
  void gone.then(takeOffList);
  try {
    const url = await listening(child, gone, path);
    return { pid: child.pid, url, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Resolves with the URL when the engine listens. */
function listening(child: ChildProcess, gone: Promise<void>, path: string | undefined): Promise<string> {
  let stderr = '';
  return new Promise((resolve, reject) => {
    const watcher = path === undefined ? undefined : watch(join(path, '..'), () => look());
    const done = (act: () => void) => {
      watcher?.close();
      act();
    };
    const look = () => {
      if (path !== undefined && existsSync(path)) done(() => resolve(`unix://${path}`));
    };
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
      const [, url] = path === undefined ? (/listening on: (ws:\/\/\S+)\n/.exec(stderr) ?? []) : [];
      if (url !== undefined) done(() => resolve(url));
    });
    child.once('error', (cause) => done(() => reject(cause)));
    void gone.then(() => {
      const got = `the end of its process: ${stderr.trim().slice(-2000)}`;
      done(() => reject(new Error(expectedGot('starting an engine that listens', 'one that listens', got))));
    });
    look();
  });
}
