import type { Socket } from 'node:net';
import { Closing } from '../../replay/closing.ts';
import type { Exit } from '../../replay/player.ts';
import type { Channel } from '../../wire/channel.ts';
import { closeCode, closeFrame } from '../../wire/websocket/frame.ts';
import { websocketChannel } from '../../wire/websocket/websocket-channel.ts';
import type { WireLog } from '../../wire/wire-log.ts';

export interface ConnectionsOptions {
  /** Plays the nth start (from 0, counted from the process's own) to its client. */
  play(n: number, closing: Closing, channel: Channel): Promise<Exit>;
  log: WireLog;
  /** Logs the start of an engine. The process has logged its own, which is the first connection's. */
  logStart(): void;
  /** The end of the process, requested by a signal. */
  closing: Closing;
}

/**
 * The clients of one listener. Each connection plays what the next process would: the engine outlives its clients, and
 * a golden or script has no other way to express a second conversation. A client that connects while another one is
 * connected is refused, because their lines could not be told apart.
 */
export class Connections {
  /** How the process exits: by itself in the middle of a conversation, or because of a signal. */
  readonly left: Promise<Exit>;
  readonly #options: ConnectionsOptions;
  #count = 0;
  #current: Closing | undefined;
  #turn: Promise<void> = Promise.resolve();
  #leave: (exit: Exit) => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.left = new Promise((resolve, reject) => {
      this.#leave = resolve;
      this.#fail = reject;
    });
    void options.closing.begun.then(async () => {
      this.#current?.begin(options.closing.reason?.signal ?? null);
      await this.#turn;
      // Over stdio, SIGINT and SIGHUP kill the engine. As a listener it handles both and exits with 0 (0.171.0,
      // measured).
      this.#leave({ code: 0, signal: null });
    });
  }

  /** A connection after its upgrade; `head` is what followed the upgrade. */
  add(socket: Socket, head: Buffer): void {
    const { log, logStart, play } = this.#options;
    if (this.#options.closing.reason !== undefined) {
      socket.destroy();
      return;
    }
    if (this.#current !== undefined && this.#current.reason === undefined) {
      const text = 'fake-codex-rs plays to one connection at a time, and another is open';
      log.write('mark', { mark: 'connection refused', detail: { text } });
      socket.end(closeFrame(closeCode.tryAgainLater, text));
      socket.resume();
      return;
    }
    const closing = new Closing();
    this.#current = closing;
    const n = this.#count++;
    this.#turn = this.#turn
      .then(async () => {
        if (n > 0) {
          log.write('exit', { code: 0, signal: null });
          logStart();
        }
        const exit = await play(n, closing, websocketChannel(socket, head, log));
        if (exit.told !== true) this.#leave(exit);
      })
      .catch(this.#fail);
  }
}
