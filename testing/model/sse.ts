import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../json/json.ts';
import { writeJson } from '../json/write-json.ts';

/** One server-sent event. Its type is both the name of the event and the `type` of its data. */
export type SseEvent = { type: string } & JsonObject;

/** The bytes of one event. */
export function sseText(event: SseEvent): string {
  return `event: ${event.type}\ndata: ${writeJson(event)}\n\n`;
}

/** Writes events to a response. The head is sent with the first write, so that an answer can still fail before it. */
export class SseWriter {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;

  /** `signal` aborts when the client has left. */
  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    this.#signal = signal;
  }

  get begun(): boolean {
    return this.#response.headersSent;
  }

  /** Resolves once the client can take more. @throws the signal's reason if the client has left */
  async write(text: string): Promise<void> {
    this.#signal.throwIfAborted();
    if (!this.#response.headersSent) this.#response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (this.#response.write(text)) return;
    await new Promise<void>((resolve, reject) => {
      const abort = () => reject(this.#signal.reason);
      this.#signal.addEventListener('abort', abort, { once: true });
      this.#response.once('drain', () => {
        this.#signal.removeEventListener('abort', abort);
        resolve();
      });
    });
  }

  send(event: SseEvent): Promise<void> {
    return this.write(sseText(event));
  }

  end(): void {
    this.#response.end();
  }

  /** Cuts the connection after what was written: the body never gets its last chunk. */
  cut(): void {
    const socket = this.#response.socket;
    if (!socket) return;
    // The head must arrive too, even if nothing else was written: a cut before it would look like a refused request.
    if (!this.#response.headersSent) this.#response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.#response.flushHeaders();
    socket.destroySoon();
  }
}
