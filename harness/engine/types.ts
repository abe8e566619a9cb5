import type { CellPaths, ObservationLine } from '../observation/types.ts';
import type { ControlServer } from './control-server.ts';

/** What a cell showed once its client was closed. */
export interface CellEnd {
  /** What engine, model and control server saw, in the order of the timestamps. */
  lines: ObservationLine[];
  /** What the machine did wrong, with its cause: then the cell says nothing about the client. */
  machine: string[];
}

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
   * Call this when the client is closed. Waits for the engine to exit, closes the server and ends what was left behind.
   * May be called twice.
   * @param told what the client told: of a tee that died of a full disk, only the client has the last words
   * @throws Error if the wire log cannot be read, or a process survives SIGKILL
   */
  finish(told?: readonly ObservationLine[]): Promise<CellEnd>;
  /** Ends everything at once. May be called twice; after `finish` it does nothing. */
  dispose(): Promise<void>;
}
