import type { Writable } from 'node:stream';
import type { WireLine } from './line-reader.ts';

/** What lies between a player and its client: the standard streams of this process, or one WebSocket connection. */
export interface Channel {
  /** Takes lines: all bytes up to a newline, and with it, are one message. */
  readonly output: Writable;
  /**
   * Begins to read.
   * @param onLine hears each message of the client, and when (nanoseconds) its last bytes were read
   * @param onEnd called once, when the client will say nothing more
   */
  read(onLine: (line: WireLine, readAt: number) => void, onEnd: () => void): void;
  /** `false`: the client's bytes stay with the system, so that it feels a slow reader. */
  setReading(on: boolean): void;
  /** Makes that the client cannot write any more. */
  closeInput(): void;
  /** Resolves when the client will see the end of what it reads. */
  closeOutput(): Promise<void>;
}
