import { join } from 'node:path';
import type { CodexConfig, Transport, TransportFactory } from '../../../sdk/index.ts';
import { type ListeningEngine, listen } from '../../../testing/index.ts';

/** The run's engine, as one that listens: started with the first connection, ended after the client. */
export class SharedEngine {
  readonly #config: CodexConfig;
  #engine: Promise<ListeningEngine> | undefined;

  constructor(config: CodexConfig) {
    this.#config = config;
  }

  /** Attaches a client to it. */
  readonly transport: TransportFactory = () => {
    let inner: Transport | undefined;
    return {
      open: async (events) => {
        // In the engine's home, a path that the normaliser knows.
        const path = join(String(this.#config.env?.['CODEX_HOME']), 's');
        this.#engine ??= listen(this.#config, { path });
        inner = (await this.#engine).transport()();
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
