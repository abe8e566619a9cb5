import type { CellPaths, ObservationLine } from '../observation/types.ts';

/** An opened cell: folders, model, latches and an engine that a client can spawn. */
export interface RunningCell {
  paths: CellPaths;
  /** For the client's configuration. */
  env: Record<string, string>;
  /** Executable to be given to the client as `codex_bin`. */
  codexBin: string;
  /** The control server; `url` is the `control` of the driver protocol's `run`. */
  control: { url: string };
  /** Waits for the engine's end (the client has been closed) and collects what happened, in order of `t`. */
  finish(): Promise<ObservationLine[]>;
  /** Ends everything at once. Idempotent; after `finish` it does nothing. */
  dispose(): Promise<void>;
}
