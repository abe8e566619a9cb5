import { randomFillSync } from 'node:crypto';
import type { Socket } from 'node:net';
import { expectedGot } from '../../native/expected-got.mjs';
import { CodexError } from '../errors/codex-error.ts';
import { ConnectionLostError, TransportClosedError } from '../errors/connection-errors.ts';
import { quoted } from '../errors/python-text.ts';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import { clearTimeout, longestTimerMs, setTimeout } from '../host/real-timers.ts';
import type { Transport, TransportEvents } from '../transport/transport.ts';
import type { AttachOptions } from './attach-options.ts';
import { ConnectError } from './connect-errors.ts';
import { clientFrame, closeCode, closeFrame, FrameError, opcode, textFrames } from './frames.ts';
import { MessageReader } from './message-reader.ts';
import { readingToken, readToken } from './token.ts';
import { type Address, shownAddress, upgrade } from './upgrade.ts';

/** How long a server has to answer a close frame, in milliseconds. */
const closeGraceMs = 1000;
/** Default of `connectTimeoutMs`. */
const defaultConnectTimeoutMs = 10_000;
/** Default of `heartbeatMs`. */
const defaultHeartbeatMs = 30_000;
const mask = (): Uint8Array => randomFillSync(new Uint8Array(4));

/** Talks to an engine that runs already, over a WebSocket. It never ends the engine. */
export class WebSocketTransport implements Transport {
  /** The engine takes no longer message (0.171.0): it cuts the connection. */
  readonly longestLine = 64 * 1024 * 1024;
  readonly #address: Address;
  readonly #options: AttachOptions;
  readonly #gaveUp = new AbortController();
  readonly #reader = new MessageReader({
    onText: (text) => this.#events?.onLine({ text, terminated: true }),
    onPing: (payload) => this.#pong(payload),
    onPong: () => {},
    onClose: (code, reason) => this.#closedByServer(code, reason),
  });
  #socket: Socket | undefined;
  #events: TransportEvents | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #heardSince = true;
  #owedPong: Buffer | undefined;
  #closing: Promise<void> | undefined;
  #gone: Promise<void> = Promise.resolve();

  constructor(address: Address, options: AttachOptions) {
    this.#address = address;
    this.#options = options;
  }

  async open(events: TransportEvents): Promise<void> {
    const { signal } = this.#gaveUp;
    const { connectTimeoutMs: timeoutMs = defaultConnectTimeoutMs, agent } = this.#options;
    const since = performance.now();
    const token = await this.#token(timeoutMs);
    const { socket, head } = await upgrade(this.#address, { token, timeoutMs, since, agent, signal });
    this.#socket = socket;
    this.#events = events;
    this.#gone = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.on('error', (cause) => this.#lose(cause.message, cause));
    socket.on('end', () =>
      this.#lose(this.#reader.isCut ? 'it ended in the middle of a message' : 'the server ended it'),
    );
    socket.on('close', () => this.#lose('it was cut'));
    socket.on('drain', () => this.#pong());
    if (head.length > 0) this.#hear(head);
    socket.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.#startHeartbeat();
  }

  /** A function that never gives the token is not waited for. */
  #token(timeoutMs: number): Promise<string | undefined> {
    const { signal } = this.#gaveUp;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const expected = `it within ${timeoutMs} ms`;
      const late = () => reject(new ConnectError(expectedGot(readingToken, expected, 'nothing'), { passing: true }));
      const stopTimer = startDeadline(timeoutMs, undefined, late);
      const stopListening = onAbort(signal, () => reject(signal.reason as Error));
      void readToken(this.#options.token)
        .then(resolve, reject)
        .finally(() => {
          stopTimer();
          stopListening();
        });
    });
  }

  send(line: string): void {
    for (const frame of textFrames(line, mask)) this.#write(frame);
  }

  get unsent(): number {
    return this.#socket?.writableLength ?? 0;
  }

  setKeepsAlive(keeps: boolean): void {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    if (keeps) socket.ref();
    else socket.unref();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const closed = new TransportClosedError('the connection to the app-server is closed');
    this.#gaveUp.abort(closed);
    const socket = this.#socket;
    if (!socket) return;
    clearTimeout(this.#heartbeat);
    if (!socket.destroyed) {
      socket.ref();
      const timer = setTimeout(() => socket.destroy(), closeGraceMs);
      this.#write(closeFrame(closeCode.normal, mask));
      socket.end();
      // What still comes is read, so that the system does not answer it with a reset; nobody hears it.
      socket.resume();
      await this.#gone;
      clearTimeout(timer);
    }
    this.#finish(closed);
  }

  #hear(chunk: Buffer): void {
    if (!this.#events) return;
    this.#heardSince = true;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#write(closeFrame(error.code, mask));
      const message = `expected WebSocket from ${shownAddress(this.#address)}, got ${error.message}`;
      this.#finish(new CodexError(message, { kind: 'protocol' }));
    }
  }

  /** At most one answer waits for a server that does not read: only the last ping needs one. */
  #pong(payload = this.#owedPong): void {
    if (!payload) return;
    this.#owedPong = this.#socket?.writableNeedDrain ? payload : undefined;
    if (!this.#owedPong) this.#write(clientFrame(opcode.pong, payload, true, mask()));
  }

  #startHeartbeat(): void {
    const { heartbeatMs = defaultHeartbeatMs } = this.#options;
    if (heartbeatMs === 0 || heartbeatMs > longestTimerMs) return;
    const tick = (): void => {
      if (!this.#heardSince) {
        this.#lose(`nothing came for ${heartbeatMs} ms, not even the answer to a ping`);
        return;
      }
      this.#heardSince = false;
      this.#write(clientFrame(opcode.ping, Buffer.alloc(0), true, mask()));
      this.#heartbeat = setTimeout(tick, heartbeatMs).unref();
    };
    this.#heartbeat = setTimeout(tick, heartbeatMs).unref();
  }

  #write(frame: Buffer): void {
    if (this.#socket?.writable) this.#socket.write(frame);
  }

  #closedByServer(code: number | undefined, reason: string): void {
    const words = reason === '' ? '' : `: ${quoted(reason)}`;
    this.#lose(`the server closed it with ${code ?? 'no code'}${words}`);
  }

  #lose(how: string, cause?: unknown): void {
    // After `close()` the end is what was asked for.
    if (this.#closing) return;
    this.#finish(new ConnectionLostError(shownAddress(this.#address), how, { cause }));
  }

  /** Reports to the connection, once, and leaves nothing of the socket. */
  #finish(cause: Error): void {
    const events = this.#events;
    this.#events = undefined;
    clearTimeout(this.#heartbeat);
    events?.onClosed(cause);
    if (events && !this.#closing) {
      const socket = this.#socket;
      socket?.end();
      const timer = setTimeout(() => socket?.destroy(), closeGraceMs).unref();
      void this.#gone.then(() => clearTimeout(timer));
    }
  }
}
