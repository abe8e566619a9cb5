import type { CellPaths, ObservationLine } from '../observation/types.ts';
import type { ControlServer } from './control-server.ts';

/** An opened cell: folders, model, latches and an engine that a client can spawn. */
export interface RunningCell {
  paths: CellPaths;
  /** For the client's configuration. */
  env: Record<string, string>;
  /** Executable to be given to the client as `codex_bin`. */
  codexBin: string;
  /** The control server; `url` is the `control` of the driver protocol's `run`. */
  control: ControlServer;
  /**
   * To be called when the client is closed: waits for the engine's end, closes the server, ends what was left, and returns what engine, model and
   * control server saw, in the order of their stamps. Idempotent.
   * @throws Error when the wire log cannot be read, or a process outlives SIGKILL.
   */
  finish(): Promise<ObservationLine[]>;
  /** Ends everything at once. Idempotent; after `finish` it does nothing. */
  dispose(): Promise<void>;
}
