import type { Capability, ClientId } from '../clients/clients.ts';
import type { ClientIdentity, ObservationBody } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';

/**
 * The driver protocol: JSON lines over stdin and stdout. `docs/driver-protocol.md` describes it for other languages.
 * One process per client serves many runs, one after the other.
 */
export const driverProtocolVersion = 1;

/** The first line that a driver writes. */
export interface HelloMessage {
  type: 'hello';
  protocol: number;
  client: ClientId;
  clientVersion: string;
  /**
   * How the SDK names itself by default. Where the client sends exactly this, it is replaced before anything is
   * compared.
   */
  clientInfo?: ClientIdentity;
  capabilities: Capability[];
}

/** Harness → driver: perform this scenario. */
export interface RunMessage {
  type: 'run';
  run: string;
  scenario: Scenario;
  /** Executable to pass to the client as `codex_bin`. */
  codexBin: string;
  /** Environment for the client's configuration (`CodexConfig.env`): CODEX_HOME, HOME, … */
  env: Record<string, string>;
  workspace: string;
  /** Base address of the cell's control server (`http://127.0.0.1:PORT/TOKEN`): paths are appended to it. */
  control: string;
}

/** Harness → driver: exit once the current run is over. Closing stdin means the same. */
export interface ExitMessage {
  type: 'exit';
}

/** A line of the observation; `t` as in ObservationLine. */
export interface LineMessage {
  type: 'line';
  run: string;
  t: number;
  line: ObservationBody;
}

/** The run is over. `tainted`: something of it still hangs in this process, so the harness restarts the driver. */
export interface DoneMessage {
  type: 'done';
  run: string;
  tainted?: boolean;
  notes?: string[];
}

/** The driver itself failed (not the client): the cell could not run. */
export interface FailedMessage {
  type: 'failed';
  run: string;
  message: string;
}

export type ToDriver = RunMessage | ExitMessage;
export type FromDriver = HelloMessage | LineMessage | DoneMessage | FailedMessage;
