import type { Line } from './line-codec.ts';

/** What a transport reports to its connection. `onClosed` is called once, and nothing follows it. */
export interface TransportEvents {
  /**
   * Called for each line of the engine, in order. Must not throw. A line that is not terminated is the last one:
   * `onClosed` must follow.
   */
  onLine(line: Line): void;
  /** The engine's side is gone, after its last line. Every waiting call gets `cause`. */
  onClosed(cause: Error): void;
}

/** A connection to an engine: carries whole lines in both directions and knows nothing of their meaning. */
export interface Transport {
  /**
   * Connects. Call it once.
   * @throws LaunchError if there is nothing to connect to
   */
  open(events: TransportEvents): Promise<void>;
  /** Sends a line (without its `\n`), whole and in the order of the calls. A failure shows as `onClosed`. */
  send(line: string): void;
  /**
   * How many bytes `send()` has taken that have not left this program, because the engine does not read them. The client
   * refuses to send more beyond `CodexConfig.unsentLimit`. Without it, nothing limits them.
   */
  readonly unsent?: number;
  /**
   * The longest line that `send()` may be given, in bytes, where the other side takes no longer one. A longer call fails
   * with a `RangeError`, and nothing of it is sent. Without it, a line has any length.
   */
  readonly longestLine?: number | undefined;
  /** Ends the connection and what it started. Resolves when all of it is gone. May be called twice; never rejects. */
  close(): Promise<void>;
  /**
   * Whether this connection keeps the program running by itself. Called with true while somebody waits for the engine,
   * and not before `open()` has resolved.
   */
  setKeepsAlive(keeps: boolean): void;
}

/** Creates a new transport; called once for each connection. */
export type TransportFactory = () => Transport;
