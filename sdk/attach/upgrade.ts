import { createHash, randomBytes } from 'node:crypto';
import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { expectedGot } from '../../native/expected-got.mjs';
import { shortened } from '../errors/codex-error.ts';
import { quoted } from '../errors/python-text.ts';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import { ConnectError, UnauthorizedError } from './connect-errors.ts';

/** Where an app-server listens, as `--listen` says it. */
export type Address = { kind: 'unix'; path: string } | { kind: 'ws'; url: URL };

export interface UpgradeOptions {
  token: string | undefined;
  timeoutMs: number;
  /** When connecting began. */
  since: number;
  agent: Agent | undefined;
  /** Ends the attempt; its reason is thrown. */
  signal: AbortSignal;
}

/** A connection that has become a WebSocket, and the bytes that came with the answer. */
export interface Upgraded {
  socket: Socket;
  head: Buffer;
}

/** What a server appends to the key that it was sent (RFC 6455, 1.3). */
const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The longest part of a refusal's body that an error quotes, in bytes. */
const longestBody = 300;

/** The address as errors show it: without the path and the query, which may hold a secret. */
export function shownAddress(address: Address): string {
  return address.kind === 'unix' ? `unix://${address.path}` : `${address.url.protocol}//${address.url.host}`;
}

/**
 * Connects, and asks the server to speak WebSocket.
 * @throws UnauthorizedError for 401 and 403
 * @throws ConnectError for anything else but 101, for an answer that is none, and when the time is over
 */
export async function upgrade(address: Address, options: UpgradeOptions): Promise<Upgraded> {
  const { token, timeoutMs, since, signal } = options;
  const doing = `connecting to ${shownAddress(address)}`;
  const key = randomBytes(16).toString('base64');
  const request = await openRequest(address, options, {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  });
  return await new Promise<Upgraded>((resolve, reject) => {
    let answered = false;
    const done = (act: () => void): void => {
      stopTimer();
      stopListening();
      act();
    };
    const fail = (error: Error): void =>
      done(() => {
        reject(error);
        request.destroy();
      });
    const stopTimer = startDeadline(timeoutMs, since, () =>
      fail(new ConnectError(expectedGot(doing, `an answer within ${timeoutMs} ms`, 'none'), { passing: true })),
    );
    const stopListening = onAbort(signal, () => fail(signal.reason as Error));
    request.on('upgrade', (answer, socket, head) => {
      const problem = upgradeProblem(answer, key);
      if (problem === undefined) return done(() => resolve({ socket: socket as Socket, head }));
      socket.on('error', () => {}).destroy();
      fail(new ConnectError(expectedGot(doing, 'an answer of WebSocket', problem)));
    });
    request.on('response', (answer) => {
      answered = true;
      void bodyStart(answer).then((body) => fail(refusal(doing, answer, withoutToken(body, token), token)));
    });
    request.on('error', (cause) => fail(unreachable(doing, address, cause)));
    request.on('close', () => {
      if (!answered)
        fail(new ConnectError(expectedGot(doing, 'an answer', 'the end of the connection'), { passing: true }));
    });
    // It may have fired while the request was made. Only now, as what is given up says so by an error.
    if (signal.aborted) fail(signal.reason as Error);
    else request.end();
  });
}

async function openRequest(
  address: Address,
  { agent }: UpgradeOptions,
  headers: Record<string, string>,
): Promise<ClientRequest> {
  // An agent of its own, if none is given: the program's shared one may be set to use a proxy, or to keep connections.
  const common: RequestOptions = { method: 'GET', headers, agent: agent ?? false };
  if (address.kind === 'unix') {
    const { request } = await import('node:http');
    return request({ ...common, socketPath: address.path, path: '/' });
  }
  const { protocol, hostname, port, pathname, search } = address.url;
  const to = { ...common, host: hostname.replace(/^\[(.*)\]$/, '$1'), path: `${pathname}${search}` };
  const secure = protocol === 'wss:';
  const { request } = secure ? await import('node:https') : await import('node:http');
  return request({ ...to, port: port || (secure ? 443 : 80), protocol: secure ? 'https:' : 'http:' });
}

/** What is wrong with an answer of status 101. */
function upgradeProblem({ statusCode, headers }: IncomingMessage, key: string): string | undefined {
  if (statusCode !== 101) return `status ${statusCode}`;
  if (headers.upgrade?.toLowerCase() !== 'websocket') return 'an upgrade to another protocol';
  const expected = createHash('sha1').update(`${key}${magic}`).digest('base64');
  if (headers['sec-websocket-accept'] !== expected) return 'a wrong Sec-WebSocket-Accept';
  if (headers['sec-websocket-extensions'] !== undefined) return 'an extension that was not asked for';
  if (headers['sec-websocket-protocol'] !== undefined) return 'a subprotocol that was not asked for';
  return undefined;
}

/** The beginning of a refusal's text; the rest is not waited for. */
async function bodyStart(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  await new Promise<void>((resolve) => {
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= longestBody) resolve();
    });
    answer
      .on('error', () => resolve())
      .on('close', () => resolve())
      .on('end', () => resolve());
  });
  // Unlike `toString()`, it leaves out a character that is cut.
  return new StringDecoder('utf8').write(Buffer.concat(chunks).subarray(0, longestBody)).trim();
}

/** A server may say in its refusal what it was sent. */
const withoutToken = (text: string, token: string | undefined): string =>
  token === undefined ? text : text.replaceAll(token, '<redacted:token>');

function refusal(
  doing: string,
  { statusCode = 0, statusMessage = '' }: IncomingMessage,
  body: string,
  token: string | undefined,
): ConnectError {
  const words = body === '' ? '' : `: ${quoted(shortened(body, longestBody))}`;
  const got = `${statusCode} ${withoutToken(statusMessage, token)}`.trim() + words;
  if (statusCode === 401 || statusCode === 403) {
    const advice = token === undefined ? 'Give the token of the listener' : 'The token is not that of the listener';
    return new UnauthorizedError(
      expectedGot(doing, 'a server that accepts the token', got, statusCode === 401 ? advice : undefined),
      { status: statusCode },
    );
  }
  const redirects = statusCode >= 300 && statusCode < 400;
  const advice = redirects ? 'Redirects are not followed, because the token would go to another server' : undefined;
  return new ConnectError(expectedGot(doing, 'an upgrade to WebSocket (101)', got, advice), { status: statusCode });
}

function unreachable(doing: string, address: Address, cause: Error): ConnectError {
  const code = 'code' in cause ? String(cause.code) : undefined;
  const listens = address.kind === 'unix' ? `unix://${address.path}` : 'ws://IP:PORT';
  const advice =
    code === 'ECONNREFUSED' || code === 'ENOENT'
      ? `Nobody listens there: start \`codex app-server --listen ${listens}\``
      : undefined;
  return new ConnectError(expectedGot(doing, 'an app-server', cause.message, advice), { cause });
}
