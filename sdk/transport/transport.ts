import type { Line } from './line-codec.ts';

/** What a transport tells its connection. Nothing comes after `onClosed`, which comes once. */
export interface TransportEvents {
  /** A line of the engine, in order. Must not throw. */
  onLine(line: Line): void;
  /** The engine's side is gone, after its last line. `cause` is what every waiting call is told. */
  onClosed(cause: Error): void;
}

/** A way to an engine: carries whole lines in both directions, knows nothing of their meaning. */
export interface Transport {
  /**
   * Connects. To be called once.
   * @throws LaunchError when there is nothing to connect to
   */
  open(events: TransportEvents): Promise<void>;
  /** Sends a line (without its `\n`), whole and in the order of the calls. What cannot be sent shows as `onClosed`. */
  send(line: string): void;
  /** Ends the connection and what it started, and resolves when all of it is gone. Idempotent; never rejects. */
  close(): Promise<void>;
  /** Whether this connection by itself keeps the host program running. Called with true while somebody waits for the engine; not before `open()` has resolved. */
  setKeepsAlive(keeps: boolean): void;
}

/** Makes a fresh transport: one for each connection. */
export type TransportFactory = () => Transport;
