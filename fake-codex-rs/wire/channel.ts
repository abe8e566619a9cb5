import type { Writable } from 'node:stream';
import type { WireLine } from './line-reader.ts';

/** What connects a player and its client: the standard streams of this process, or one WebSocket connection. */
export interface Channel {
  /** Accepts lines: all bytes up to and including a newline are one message. */
  readonly output: Writable;
  /**
   * Starts reading.
   * @param onLine receives each message of the client, and when (in nanoseconds) its last bytes were read
   * @param onEnd called once, when the client will send nothing more
   */
  read(onLine: (line: WireLine, readAt: number) => void, onEnd: () => void): void;
  /** `false`: the client's bytes stay with the system, so that it notices a slow reader. */
  setReading(on: boolean): void;
  /** Makes it impossible for the client to write. */
  closeInput(): void;
  /** Resolves when the client will see the end of its input. */
  closeOutput(): Promise<void>;
}
