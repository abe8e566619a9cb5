import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { AbortError, CodexError } from '../errors/codex-error.ts';
import { hasEnded, programMark } from '../host/program-mark.ts';
import type { JsonObject } from '../protocol/index.ts';
import { errorText } from '../redact/error-text.ts';
import { isObject } from '../rpc/is-object.ts';
import { engineNames, hookOutput, hookRequest, safeOutput } from './answers.ts';
import { askHooks, toldFailure } from './ask-hooks.ts';
import { type AskedHook, type HookEvent, type Hooks, hookEvents, hooksOf } from './options.ts';
import { relayProgram } from './relay-program.ts';

const windows = process.platform === 'win32';
const prefix = 'twinproof-hooks-';
/** How much longer than its handlers a hook may take: for the way there, and for the relay's own answer. */
const relayGraceMs = 5_000;
const engineGraceSeconds = 10;
/** Longest message of a relay, in characters: the output of a tool is in it. */
const longestMessage = 64 * 2 ** 20;
/** Longest path of a socket, in bytes. */
const longestSocket = process.platform === 'darwin' ? 103 : 107;
/** Where the engine keeps the trust of hooks that it was given on its command line. */
const trustPaths = windows
  ? ['C:\\<session-flags>\\config.toml', '/<session-flags>/config.toml']
  : ['/<session-flags>/config.toml'];

const unreachable = 'The program that decides on this could not be asked.';

/** An event with its hooks, as the engine is told of it. */
interface Registered {
  event: HookEvent;
  asked: AskedHook[];
  command: string;
  seconds: number;
  matcher: string | undefined;
}

/** The hooks of a connection: a server for the relays that the engine starts. */
export class OpenHooks {
  /** What the engine is started with, before its command. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly #registered: readonly Registered[];
  readonly #hooks: Hooks;
  readonly #server: Server;
  readonly #folder: string;
  readonly #token: string;
  readonly #open = new Map<Socket, AbortController>();
  readonly #atExit = () => this.#remove();

  constructor(hooks: Hooks, server: Server, folder: string, address: string) {
    this.#hooks = hooks;
    this.#server = server;
    this.#folder = folder;
    this.#token = randomBytes(32).toString('hex');
    this.#registered = hookEvents.flatMap((event) => registered(hooks, event));
    const settings = this.#registered.flatMap((one) => ['--config', setting(one)]);
    this.args = settings.length === 0 ? [] : [...settings, '--config', trust(this.#registered)];
    this.env = {
      TWINPROOF_HOOK_NODE: process.execPath,
      TWINPROOF_HOOK_RELAY: join(folder, 'relay.mjs'),
      TWINPROOF_HOOK_SOCKET: address,
      TWINPROOF_HOOK_TOKEN: this.#token,
    };
    server.on('connection', (socket) => this.#serve(socket));
    process.once('exit', this.#atExit);
  }

  /**
   * The engine ignores a hook that it does not trust, and says nothing.
   * @throws CodexError if it will not run one of ours
   */
  async verify(request: (method: string, params: object) => Promise<JsonObject>): Promise<void> {
    if (this.#registered.length === 0) return;
    const { data } = await request('hooks/list', {});
    const entries: unknown[] = Array.isArray(data) ? data : [];
    const listed = entries.flatMap((entry): Record<string, unknown>[] =>
      isObject(entry) && Array.isArray(entry.hooks) ? entry.hooks.filter(isObject) : [],
    );
    for (const { event, command } of this.#registered) {
      const found = listed.find((one) => one.command === command);
      const got =
        found === undefined ? 'none' : found.enabled === false ? 'one that is off' : String(found.trustStatus);
      if (got === 'trusted') continue;
      const advice =
        'This engine does not run the hooks of programs, or its settings forbid them; it would have ignored them';
      throw new CodexError(expectedGot(`starting the engine with the hook ${event}`, 'a trusted hook', got, advice), {
        kind: 'unsupported',
        action: 'starting the engine with hooks',
      });
    }
  }

  /** The connection is gone: stops what runs, and leaves nothing on disk. */
  fail(cause: Error): void {
    process.removeListener('exit', this.#atExit);
    for (const [socket, ended] of this.#open) {
      ended.abort(cause);
      socket.destroy();
    }
    this.#server.close();
    this.#remove();
  }

  #remove(): void {
    try {
      rmSync(this.#folder, { recursive: true, force: true });
    } catch {
      // The next program with hooks removes it.
    }
  }

  #serve(socket: Socket): void {
    const ended = new AbortController();
    this.#open.set(socket, ended);
    let text = '';
    let begun = false;
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#open.delete(socket);
      if (!ended.signal.aborted) ended.abort(new AbortError('answering a hook', 'the engine has ended it'));
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > longestMessage) socket.destroy();
      // Looking at the end of the text would copy all of it, for each chunk.
      if (begun || !chunk.endsWith('\n')) return;
      begun = true;
      void this.#answer(text, ended).then((output) => {
        if (output === undefined) socket.destroy();
        else socket.end(`${JSON.stringify(output)}\n`);
      });
    });
  }

  /** @returns undefined for somebody who does not know the token */
  async #answer(text: string, ended: AbortController): Promise<JsonObject | undefined> {
    let one: Registered | undefined;
    let input: unknown;
    try {
      const message: unknown = JSON.parse(text);
      if (!isObject(message) || !this.#knows(message.token)) return undefined;
      one = this.#registered.find(({ event }) => event === message.event);
      if (!one) return undefined;
      input = JSON.parse(String(message.input));
    } catch (error) {
      return one && this.#failed(one.event, error);
    }
    try {
      return hookOutput(one.event, await askHooks(one.event, one.asked, hookRequest(input), ended.signal));
    } catch (error) {
      return this.#failed(one.event, error);
    }
  }

  #knows(token: unknown): boolean {
    const given = Buffer.from(String(token));
    const expected = Buffer.from(this.#token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #failed(event: HookEvent, error: unknown): JsonObject {
    return safeOutput(event, toldFailure(this.#hooks, event, error));
  }
}

/** @throws CodexError if there is no folder or no socket to be had */
export async function openHooks(hooks: Hooks): Promise<OpenHooks> {
  await assertNode();
  await sweep();
  let folder: string | undefined;
  try {
    // Only this user may enter it.
    folder = mkdtempSync(join(tmpdir(), `${prefix}${await programMark()}-`));
    const safe = Object.fromEntries(hookEvents.map((event) => [event, safeOutput(event, unreachable)]));
    writeFileSync(join(folder, 'relay.mjs'), relayProgram(safe), { mode: 0o600 });
    const address = windows ? `\\\\.\\pipe\\${prefix}${randomBytes(16).toString('hex')}` : join(folder, 'socket');
    const length = Buffer.byteLength(address);
    // Node would cut the path, and listen outside of the folder that only this user may enter.
    if (!windows && length > longestSocket) throw new Error(`one whose socket has a path of ${length} bytes`);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(address, resolve);
    });
    server.unref();
    return new OpenHooks(hooks, server, folder, address);
  } catch (cause) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    const expected = `a folder in ${tmpdir()} that can be written to`;
    const advice = 'Set TMPDIR to a folder of this user with a short path and some room';
    throw new CodexError(expectedGot('opening hooks', expected, errorText(cause), advice), {
      cause,
      action: 'opening hooks',
    });
  }
}

/** The relay is started with this program's Node. A program of one file has none: it would start itself. */
async function assertNode(): Promise<void> {
  const sea = await import('node:sea').catch(() => undefined);
  if (!sea?.isSea()) return;
  throw new CodexError(
    expectedGot('opening hooks', 'a program that Node runs', 'a program of one file', 'Its file cannot relay hooks'),
    { kind: 'unsupported', action: 'opening hooks' },
  );
}

/** Removes what programs have left that were killed. */
async function sweep(): Promise<void> {
  try {
    for (const name of readdirSync(tmpdir())) {
      const [, mark] = new RegExp(`^${prefix}(.+)-[^-]+$`).exec(name) ?? [];
      if (mark !== undefined && (await hasEnded(mark))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  } catch {
    // Another user's, or nothing that can be read.
  }
}

function registered(hooks: Hooks, event: HookEvent): Registered[] {
  const asked = hooksOf(hooks, event);
  if (asked.length === 0) return [];
  const relayMs = asked.reduce((sum, { timeoutMs }) => sum + timeoutMs, relayGraceMs);
  const relaySeconds = Math.ceil(relayMs / 1000);
  // Constant words and a number: nothing of a path or a name is read by a shell.
  const words = `${event} ${relaySeconds}`;
  const command = windows
    ? `"%TWINPROOF_HOOK_NODE%" "%TWINPROOF_HOOK_RELAY%" ${words}`
    : `NODE_OPTIONS= ELECTRON_RUN_AS_NODE=1 exec "$TWINPROOF_HOOK_NODE" "$TWINPROOF_HOOK_RELAY" ${words}`;
  const names = asked.every(({ tools }) => tools) ? asked.flatMap(({ tools = [] }) => tools) : undefined;
  const matcher = names && `^(?:${[...new Set(names)].map((name) => name.replaceAll('.', '[.]')).join('|')})$`;
  return [{ event, asked, command, seconds: relaySeconds + engineGraceSeconds, matcher }];
}

function setting({ event, command, seconds, matcher }: Registered): string {
  const match = matcher === undefined ? '' : `matcher='${matcher}',`;
  return `hooks.${engineNames[event].event}=[{${match}hooks=[{type="command",command='${command}',timeout=${seconds}}]}]`;
}

/** What the engine calls the hash of a hook: of its definition as JSON, with sorted keys. */
export function trustHash({
  event,
  command,
  seconds,
  matcher,
}: Pick<Registered, 'event' | 'command' | 'seconds' | 'matcher'>): string {
  const identity = JSON.stringify({
    event_name: engineNames[event].key,
    hooks: [{ async: false, command, timeout: seconds, type: 'command' }],
    ...(matcher !== undefined && { matcher }),
  });
  return `sha256:${createHash('sha256').update(identity).digest('hex')}`;
}

function trust(all: readonly Registered[]): string {
  const entries = all.flatMap((one) =>
    trustPaths.map((path) => `'${path}:${engineNames[one.event].key}:0:0'={trusted_hash="${trustHash(one)}"}`),
  );
  return `hooks.state={${entries.join(',')}}`;
}
