import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expectedGot } from '../../native/expected-got.mjs';
import { startLoopbackServer } from '../../sdk/host/loopback-server.ts';
import type { JsonObject, JsonValue } from '../../testing/json/json.ts';
import { readJson } from '../../testing/json/read-json.ts';
import { Latches } from '../../testing/loopback/latches.ts';
import type { ModelAnswer } from '../../testing/model/model-answer.ts';
import { createModelHandler } from '../../testing/model/model-server.ts';
import { pathInside, realPathInside } from '../data/path-inside.ts';
import type { ObservationBody, ObservationLine } from '../observation/types.ts';
import { awaitWire, EngineEndedError } from './await-wire.ts';
import { engineGone, killAndWait, runningEngine, signalName } from './kill-engine.ts';
import { createRealtimeServer, type RealtimeScript } from './realtime-server.ts';
import { nowNs } from './wire-log.ts';

export interface ControlServerOptions {
  answers: readonly ModelAnswer[];
  /** Without it the model speaks no WebSocket. */
  realtime?: RealtimeScript | undefined;
  workspace: string;
  /** The log that the tee or the fake engine writes. It contains the running engine's process id. */
  wireLog: string;
}

/** One cell's server: the scripted model under `/v1`, the latches, and what a driver asks of the harness. */
export interface ControlServer {
  /** `http://127.0.0.1:PORT/TOKEN`: requests without the token get no answer. */
  readonly url: string;
  /** Marks, model requests and files, in the order in which they happened. */
  readonly lines: readonly ObservationLine[];
  readonly latches: Latches;
  /** The script's answers that no request has asked for. */
  unconsumed(): ModelAnswer[];
  /** Ends every open connection at once. May be called twice. */
  close(): Promise<void>;
}

/** Handles a request: status 200 if it resolves, 400 with the message if it throws. */
type Action = (query: URLSearchParams, signal: AbortSignal) => void | Promise<void>;

/** @throws Error if no port can be opened */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const lines: ObservationLine[] = [];
  const log = (body: ObservationBody) => void lines.push({ t: nowNs(), ...body });
  const mark = (text: string, detail?: JsonValue) =>
    log({ ch: 'mark', mark: text, ...(detail === undefined ? {} : { detail }) });
  const latches = new Latches();
  // Called before waiting callers continue, so that the mark comes before everything that the release causes.
  latches.onRelease((name) => mark(`released ${name}`));
  const requests = new RequestCount();
  const model = createModelHandler({
    answers: options.answers,
    latches,
    onMark: mark,
    onRequest(request) {
      log({ ch: 'model.request', ...request });
      requests.reached(request.n);
    },
  });
  const actions: Record<string, Action> = {
    'POST /kill': async (query, signal) => {
      const name = signalName(query.get('signal') ?? 'SIGKILL');
      const pid = runningEngine(options.wireLog);
      mark(`killed ${name}`);
      await killAndWait(pid, name, signal);
    },
    'POST /check': async (query) => {
      const path = required(query, 'file');
      log({ ch: 'file', path, content: await fileContent(options.workspace, path) });
    },
    'GET /engine/gone': (_query, signal) => engineGone(options.wireLog, signal),
    'GET /wire': (query, signal) => {
      const match = readJson(query.get('match') ?? '{}') as JsonObject;
      return awaitWire(
        options.wireLog,
        { method: required(query, 'method'), match, times: count(query, 'times') },
        signal,
      );
    },
    'GET /model/requests': (query, signal) => requests.wait(count(query, 'atLeast'), signal),
    'POST /model/reached': (query) => requests.reached(count(query, 'n')),
  };
  const find = (method: string, path: string): Action | undefined => {
    const latch = /^\/latch\/([^/]+)\/(release|wait)$/.exec(path);
    const name = decodeURIComponent(latch?.[1] ?? '');
    if (latch?.[2] === 'release' && method === 'POST') return () => latches.release(name);
    if (latch?.[2] === 'wait' && method === 'GET') return (_query, signal) => latches.wait(name, signal);
    return actions[`${method} ${path}`];
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const left = new AbortController();
    response.on('close', () => left.abort(new Error('The asker has closed the connection')));
    response.on('error', () => {});
    request.on('error', () => {});
    request.resume();
    try {
      const { method = '', url = '' } = request;
      const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
      const action = find(method, pathname);
      if (!action) {
        return answer(response, 404, `The control server has no ${method} ${pathname}; see docs/driver-protocol.md`);
      }
      await action(searchParams, left.signal);
      answer(response, 200, 'ok');
    } catch (error) {
      // Not a mistake of the driver's: what it waits for can never come.
      answer(
        response,
        error instanceof EngineEndedError ? 410 : 400,
        error instanceof Error ? error.message : String(error),
      );
    }
  };

  const realtime = options.realtime && createRealtimeServer(options.realtime);
  const server = await startLoopbackServer((request, response) => {
    void (request.url?.startsWith('/v1/') ? model.handle(request, response) : handle(request, response));
  }, realtime?.upgrade);
  return {
    url: server.url,
    lines,
    latches,
    unconsumed: model.unconsumed,
    close() {
      model.close();
      realtime?.close();
      return server.close();
    },
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null) throw new Error(expectedGot('reading the query', `?${name}=…`, 'none'));
  return value;
}

function count(query: URLSearchParams, name: string): number {
  const value = Number(required(query, name));
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(expectedGot(`reading the query's ${name}`, 'a whole number', String(query.get(name))));
}

/**
 * The text of a workspace file, or null if there is none. For a folder, the names in it, one per line.
 * @throws Error if the path leads outside the workspace (also through a symbolic link), or the file cannot be read
 */
async function fileContent(workspace: string, file: string): Promise<string | null> {
  const path = pathInside(workspace, file);
  try {
    return await readFile(await realPathInside(workspace, file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EISDIR') return (await readdir(path)).sort().join('\n');
    throw error;
  }
}

/** How many model requests have been received, for those who wait for the Nth. */
class RequestCount {
  #count = 0;
  readonly #waiting = new Set<{ atLeast: number; go: () => void }>();

  get count(): number {
    return this.#count;
  }

  /** Reports that the nth request was received; earlier ones count too. */
  reached(n: number): void {
    this.#count = Math.max(this.#count, n);
    for (const one of this.#waiting) {
      if (one.atLeast > this.#count) continue;
      this.#waiting.delete(one);
      one.go();
    }
  }

  /** Resolves once `atLeast` requests were received. @throws the signal's reason if it aborts first */
  async wait(atLeast: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#count >= atLeast) return;
    await new Promise<void>((resolve, reject) => {
      const one = { atLeast, go: resolve };
      this.#waiting.add(one);
      signal.addEventListener(
        'abort',
        () => {
          this.#waiting.delete(one);
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }
}
