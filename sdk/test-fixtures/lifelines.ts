import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Shows the test when scripted engines (`lifeline: port`) are there and when they have ended: by the connection that each holds. */
export class Lifelines {
  readonly port: number;
  readonly #close: () => void;
  readonly #ends: Promise<void>[] = [];
  #alive = 0;
  readonly #waiting: (() => void)[] = [];

  private constructor(port: number, close: () => void) {
    this.port = port;
    this.#close = close;
  }

  static async listen(): Promise<Lifelines> {
    const server = createServer((socket) => lifelines.#onSocket(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const lifelines = new Lifelines((server.address() as AddressInfo).port, () => void server.close());
    return lifelines;
  }

  /** Resolves when `count` engines have started. */
  async started(count: number): Promise<void> {
    while (this.#ends.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when one of them has ended. */
  async first(): Promise<void> {
    await Promise.race(this.#ends);
  }

  /** How many live. */
  get alive(): number {
    return this.#alive;
  }

  /** Resolves when all engines that have started have ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#ends);
  }

  close(): void {
    this.#close();
  }

  #onSocket(socket: Socket): void {
    socket.on('error', () => {}).resume();
    this.#alive += 1;
    const end = once(socket, 'close').then(() => {
      this.#alive -= 1;
    });
    this.#ends.push(end);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
