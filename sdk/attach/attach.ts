import { resolve } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import {
  checkArgument,
  checkOptions,
  milliseconds,
  object,
  type Rule,
  type RulesFor,
} from '../options/check-options.ts';
import type { Transport, TransportEvents, TransportFactory } from '../transport/transport.ts';
import type { AttachOptions } from './attach-options.ts';
import { tokenRule } from './token.ts';
import type { Address } from './upgrade.ts';

/**
 * Attaches a client to an engine that listens on a unix socket (`codex app-server --listen unix://PATH`). Closing the
 * client ends its connection; the engine and its other clients go on.
 * ```ts no-run: an engine must listen there
 * import { Codex, unixSocket } from 'twinproof';
 *
 * await using codex = new Codex({ transport: unixSocket('/run/codex.sock') });
 * const thread = await codex.threadStart();
 * console.log((await thread.run('Describe this project.')).finalResponse);
 * ```
 * @throws TypeError for a path or an option of the wrong type
 */
export function unixSocket(path: string, options: AttachOptions = {}): TransportFactory {
  checkArgument('path', path);
  if (path === '')
    throw new TypeError(expectedGot('reading the argument path', 'the path of a socket', 'an empty string'));
  if (/^unix:\/\//.test(path))
    throw new TypeError(
      expectedGot('reading the argument path', 'the path of a socket', 'a URL', 'Leave its unix:// out'),
    );
  checkOptions('unixSocket', options, attachRules);
  return factory({ kind: 'unix', path: resolve(path) }, options);
}

/**
 * Attaches a client to an engine that listens for WebSocket (`codex app-server --listen ws://IP:PORT`), also behind a
 * server that adds TLS (`wss:`).
 * ```ts no-run: an engine must listen there
 * import { Codex, webSocket } from 'twinproof';
 *
 * await using codex = new Codex({
 *   transport: webSocket('ws://127.0.0.1:4500', { token: { file: '/run/codex-token' } }),
 * });
 * console.log(await codex.models());
 * ```
 * @throws TypeError for a URL that is not `ws:` or `wss:`, or that holds a user or a password; for a token that would go
 * to another machine unencrypted; for an option of the wrong type
 */
export function webSocket(url: string | URL, options: AttachOptions = {}): TransportFactory {
  const address = addressOf(url);
  checkOptions('webSocket', options, attachRules);
  if (options.token !== undefined && address.protocol === 'ws:' && !isThisMachine(address.hostname)) {
    const got = `ws: to ${address.hostname}`;
    const advice = 'Put a server with TLS in front of it, or forward the port over SSH';
    throw new TypeError(
      expectedGot('reading the options of webSocket', 'a token only with wss:, or to this machine', got, advice),
    );
  }
  return factory({ kind: 'ws', url: address }, options);
}

function addressOf(url: string | URL): URL {
  const reading = 'reading the argument url';
  const expected = 'a URL such as ws://127.0.0.1:4500 or wss://example.org';
  const given: unknown = url;
  if (typeof given !== 'string' && !(given instanceof URL)) checkArgument('url', given);
  if (!URL.canParse(String(url))) throw new TypeError(expectedGot(reading, expected, 'a text that is not a URL'));
  const address = new URL(url);
  if (address.protocol !== 'ws:' && address.protocol !== 'wss:')
    throw new TypeError(expectedGot(reading, expected, `one that begins with ${address.protocol}`));
  if (address.username !== '' || address.password !== '')
    throw new TypeError(expectedGot(reading, 'no user and no password in it', 'one', 'Give the secret as token'));
  return address;
}

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);

function factory(address: Address, options: AttachOptions): TransportFactory {
  const given = { ...options };
  return () => new AttachedTransport(address, given);
}

/** Loads WebSocket with the first connection: most programs need none of it. */
class AttachedTransport implements Transport {
  readonly #address: Address;
  readonly #options: AttachOptions;
  #transport: Promise<Transport> | undefined;
  #opened: Transport | undefined;
  #closed = false;

  constructor(address: Address, options: AttachOptions) {
    this.#address = address;
    this.#options = options;
  }

  async open(events: TransportEvents): Promise<void> {
    this.#transport = import('./websocket-transport.ts').then(
      ({ WebSocketTransport }) => new WebSocketTransport(this.#address, this.#options),
    );
    const transport = await this.#transport;
    if (this.#closed) await transport.close();
    await transport.open(events);
    this.#opened = transport;
  }

  send(line: string): void {
    this.#opened?.send(line);
  }

  get unsent(): number {
    return this.#opened?.unsent ?? 0;
  }

  get longestLine(): number | undefined {
    return this.#opened?.longestLine;
  }

  setKeepsAlive(keeps: boolean): void {
    this.#opened?.setKeepsAlive(keeps);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#transport)?.close();
  }
}

const agent: Rule = {
  expected: 'an agent of node:http or node:https',
  accepts: (value) => object.accepts(value) && typeof (value as { addRequest?: unknown }).addRequest === 'function',
  nullable: false,
};

const attachRules: RulesFor<AttachOptions> = {
  token: tokenRule,
  connectTimeoutMs: milliseconds,
  heartbeatMs: milliseconds,
  agent,
};
