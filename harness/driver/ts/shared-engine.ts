import { join } from 'node:path';
import type { CodexConfig, Transport, TransportFactory } from '../../../sdk/index.ts';
import { type ListeningEngine, listen } from '../../../testing/index.ts';

/** How a scenario's client is attached: `attach: unix`, or an object. */
export interface AttachedTo {
  over: 'unix' | 'ws';
  /** What the engine asks for; only over `ws`. */
  token?: string;
  /** What the client gives in its place; null: none. */
  given?: string | null;
}

/** The run's engine, as one that listens: started with the first connection, ended after the client. */
export class SharedEngine {
  readonly #config: CodexConfig;
  readonly #options: AttachedTo;
  #engine: Promise<ListeningEngine> | undefined;

  constructor(config: CodexConfig, options: AttachedTo) {
    this.#config = config;
    this.#options = options;
  }

  /** Attaches a client to it. */
  readonly transport: TransportFactory = () => {
    let inner: Transport | undefined;
    return {
      open: async (events) => {
        const { over, token, given } = this.#options;
        // In the engine's home, a path that the normaliser knows.
        const path = join(String(this.#config.env?.['CODEX_HOME']), 's');
        this.#engine ??= listen(this.#config, {
          over,
          ...(over === 'unix' && { path }),
          ...(token !== undefined && { token }),
        });
        inner = (await this.#engine).transport(given === undefined ? {} : { token: given ?? undefined })();
        await inner.open(events);
      },
      send: (line) => inner?.send(line),
      get unsent() {
        return inner?.unsent ?? 0;
      },
      get longestLine() {
        return inner?.longestLine;
      },
      close: async () => await inner?.close(),
      setKeepsAlive: (keeps) => inner?.setKeepsAlive(keeps),
    };
  };

  async close(): Promise<void> {
    await (await this.#engine)?.close();
  }
}
