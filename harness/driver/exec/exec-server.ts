import { join } from 'node:path';
import { type ListeningEngine, listen } from '../../../testing/index.ts';
import type { BuiltArguments } from '../ts/adapter.ts';

/** How a scenario's engine listens (`codex.listen`). */
export interface Listening {
  over?: 'unix' | 'ws';
  /** What it asks for; only over `ws`. */
  token?: string;
}

/** What of the client's options an engine is started with. */
export interface EngineStart {
  codexBin: string;
  cwd: string;
  env: Record<string, string>;
}

/** An engine beside the runs of `exec`: they are its clients. It is not observed itself; what it asks its model is. */
export class ExecServer {
  readonly #engine: ListeningEngine;
  readonly #make: (options: BuiltArguments) => unknown;

  private constructor(engine: ListeningEngine, make: (options: BuiltArguments) => unknown) {
    this.#engine = engine;
    this.#make = make;
  }

  /** @param make makes a client of the SDK with these options in addition */
  static async start(
    { codexBin, env, cwd }: EngineStart,
    { over = 'unix', token }: Listening,
    make: (options: BuiltArguments) => unknown,
  ): Promise<ExecServer> {
    const engine = await listen(
      { codexBin, cwd, env: { ...env, TWINPROOF_UNOBSERVED: '1' } },
      {
        over,
        // In the engine's home, a path that the normaliser knows.
        ...(over === 'unix' && { path: join(String(env['CODEX_HOME']), 's') }),
        ...(token !== undefined && { token }),
      },
    );
    return new ExecServer(engine, make);
  }

  /** A client whose runs go to this engine. */
  codex(options: BuiltArguments = {}): unknown {
    const { address } = this.#engine;
    return this.#make({ remote: address.startsWith('ws:') ? address : `unix://${address}`, ...options });
  }

  async stop({ signal }: { signal?: NodeJS.Signals } = {}): Promise<void> {
    await this.#engine.stop(signal);
  }

  async start(): Promise<void> {
    await this.#engine.start();
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }
}
