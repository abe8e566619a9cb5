import { TransportClosedError } from '../errors/connection-errors.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** The engine's end of a memory transport. */
export interface MemoryPeer {
  /** The lines that the client has sent and that nobody has taken with `next`. */
  readonly received: string[];
  /** Waits for the client's next line. */
  next(): Promise<string>;
  /**
   * Sends a line to the client at once. Ignored before the client has opened the connection, and after its end. With
   * `terminated` false, the engine's end cut the line off, and `end()` must follow. Default: true.
   */
  send(line: string, terminated?: boolean): void;
  /** Ends the connection from the engine's side. */
  end(cause?: Error): void;
  readonly closed: boolean;
}

/** Both ends of a connection within this process: for tests, and for engines that run in the same program. */
export function memoryTransport(): { transport: Transport; peer: MemoryPeer } {
  let events: TransportEvents | undefined;
  let closed = false;
  const received: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  const end = (cause: Error): void => {
    if (closed) return;
    closed = true;
    events?.onClosed(cause);
  };
  return {
    transport: {
      open: async (given) => {
        events = given;
      },
      send: (line) => {
        if (closed) return;
        const taker = waiting.shift();
        if (taker) taker(line);
        else received.push(line);
      },
      get unsent() {
        return received.reduce((sum, line) => sum + line.length, 0);
      },
      close: async () => end(new TransportClosedError('Codex process closed stdout. stderr_tail=')),
      setKeepsAlive: () => {},
    },
    peer: {
      received,
      next: async () => received.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve))),
      send: (text, terminated = true) => {
        if (!closed) events?.onLine({ text, terminated });
      },
      end: (cause = new TransportClosedError('Codex process closed stdout. stderr_tail=')) => end(cause),
      get closed() {
        return closed;
      },
    },
  };
}
