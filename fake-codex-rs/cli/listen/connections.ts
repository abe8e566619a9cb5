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
  /** Logs the start of an engine. The process has logged its own, which is that of the first connection. */
  logStart(): void;
  /** The end of the process, asked for by a signal. */
  closing: Closing;
}

/**
 * The clients of one listener. Each is played what the next process would be: the engine outlives its clients, and a golden or script
 * has no other word for a second conversation. A client that comes while another is there is refused, for their lines could not be told apart.
 */
export class Connections {
  /** How the process is to leave: by itself in the midst of a conversation, or told by a signal. */
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
      // Over stdio the engine dies of SIGINT and SIGHUP; as a listener it takes each as a wish and ends with 0 (0.163.0, measured).
      this.#leave({ code: 0, signal: null });
    });
  }

  /** A connection whose upgrade is done; `head` came behind the upgrade. */
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
