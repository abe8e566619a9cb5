import type { CellPaths, ObservationLine } from '../observation/types.ts';
import type { ControlServer } from './control-server.ts';

/** An opened cell: folders, model, latches and an engine that a client can spawn. */
export interface RunningCell {
  paths: CellPaths;
  /** For the client's configuration. */
  env: Record<string, string>;
  /** Executable to pass to the client as `codex_bin`. */
  codexBin: string;
  /** The control server; `url` is the `control` of the driver protocol's `run`. */
  control: ControlServer;
  /**
   * Call this when the client is closed. Waits for the engine to exit, closes the server, ends what was left behind,
   * and returns what engine, model and control server saw, in the order of the timestamps. May be called twice.
   * @throws Error if the wire log cannot be read, or a process survives SIGKILL
   */
  finish(): Promise<ObservationLine[]>;
  /** Ends everything at once. May be called twice; after `finish` it does nothing. */
  dispose(): Promise<void>;
}
