import type { ClientId } from '../clients/clients.ts';
import type { DriverProcess } from '../driver/driver-process.ts';

/** Drivers are kept and reused: importing the Python SDK alone takes most of a second. */
export class DriverPool {
  readonly #start: (client: ClientId) => Promise<DriverProcess>;
  readonly #idle = new Map<ClientId, DriverProcess[]>();
  readonly #all = new Set<DriverProcess>();
  #closed = false;

  constructor(start: (client: ClientId) => Promise<DriverProcess>) {
    this.#start = start;
  }

  /** Runs `work` with a driver of this client that nobody else uses meanwhile. */
  async use<T>(client: ClientId, work: (driver: DriverProcess) => Promise<T>): Promise<T> {
    const idle = this.#idle.get(client) ?? [];
    this.#idle.set(client, idle);
    let driver = idle.pop();
    if (driver === undefined) {
      driver = await this.#start(client);
      if (this.#closed) throw new Error('The run has ended');
      this.#all.add(driver);
    }
    try {
      return await work(driver);
    } finally {
      idle.push(driver);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((driver) => driver.close()));
    this.#all.clear();
    this.#idle.clear();
  }
}
