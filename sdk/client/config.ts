import type { EngineCheck } from '../../native/check-engine.mjs';
import { type ClientRequestOptions, clientRequestRules } from '../approvals/options.ts';
import { type ReconnectPolicy, reconnectRule } from '../attach/reconnect.ts';
import { type Hooks, hooksRule } from '../hooks/options.ts';
import {
  callback,
  flag,
  number,
  oneOf,
  orNull,
  type RulesFor,
  text,
  texts,
  textsByName,
} from '../options/check-options.ts';
import type { ServerRequestErrorHandler, ServerRequestHandler } from '../rpc/server-requests.ts';
import { type Logger, loggerRule, type TelemetryOptions, telemetryRule } from '../telemetry/options.ts';
import type { TransportFactory } from '../transport/transport.ts';
import { version } from '../version.ts';
import { type McpServers, mcpServersRule } from './mcp-servers.ts';

/** How to start the engine and introduce the client (Python: `CodexConfig`). Most programs need none of it. */
export interface CodexConfig extends ClientRequestOptions {
  /**
   * Path of the engine. Default: what the variable `TWINPROOF_ENGINE` names, otherwise the engine of the optional peer package `@openai/codex`, otherwise
   * that of `npx twinproof install`; never one found on PATH. On Windows, a file that a package manager has put on PATH stands for the engine behind it.
   */
  codexBin?: string | null | undefined;
  /**
   * How the engine is checked. `warn`: a version that this package is not proven on is warned of, once per process. `strict`: the hash of the file must
   * also be that of a proven engine, or of one that `twinproof` has installed or built; otherwise the start fails with a `LaunchError`. The file is read once for
   * each of its states. `off`: neither. Default `warn`.
   */
  engineCheck?: EngineCheck | undefined;
  /** The whole command line. It replaces `codexBin` and `configOverrides`. */
  launchArgsOverride?: readonly string[] | null | undefined;
  /** Settings of the engine as `key=value`. Each becomes one `--config`, in order. */
  configOverrides?: readonly string[] | undefined;
  /** Working directory of the engine. Default: that of your program. */
  cwd?: string | null | undefined;
  /** Environment variables, merged over those of your program. */
  env?: Readonly<Record<string, string>> | null | undefined;
  /**
   * Whether the engine gets a process group of its own. A terminal sends Ctrl-C to the whole group of the program, so the engine ends in mid-turn even
   * if your program handles SIGINT. Set this if your program finishes its turns first, and call `close()` when it is done. Default false, as in Python.
   */
  detached?: boolean | undefined;
  /**
   * Whether `close()` leaves the processes that the engine has started and does not end itself, such as a server that a
   * command has put in a session of its own (`setsid`). Default: false; they are ended, on Linux and macOS. A process
   * that has left the engine's tree and has cleaned its environment is out of reach in any case.
   */
  keepDescendants?: boolean | undefined;
  /** Default `codex_typescript_sdk`. */
  clientName?: string | undefined;
  /** Default `Codex TypeScript SDK`. */
  clientTitle?: string | undefined;
  /** Default: the version of this package. */
  clientVersion?: string | undefined;
  /** Whether you may use experimental methods and fields. Default: true. */
  experimentalApi?: boolean | undefined;
  /**
   * Functions of your program that the engine asks at its events: before and after the use of a tool, at the start of a session,
   * when the user has said something, and when the agent stops. A hook answers `{ block }`, `{ context }` or `{ updatedInput }`, where
   * its event has it; `undefined` leaves it to the next, and in the end to the engine. One that fails blocks what has not
   * happened yet. Not together with `transport` or `launchArgsOverride`.
   */
  hooks?: Hooks | undefined;
  /**
   * MCP servers of every thread that this client starts, resumes or forks, by name. Those in the options of a thread replace
   * these of the same name. They are sent with each thread, and not on the command line, which others on the machine can read.
   */
  mcpServers?: McpServers | undefined;
  /**
   * How long a request waits for its answer, in milliseconds. 0 waits forever. Default: 600,000. A turn may take
   * longer, because only its start is a request. The `timeoutMs` of a call overrides it.
   */
  requestTimeoutMs?: number | undefined;
  /**
   * How much is kept of the events of a turn that a reader does not read, and of the notifications that belong to no
   * turn. Counted in characters of the engine's lines; of a turn, plus 500 per event. Default: 67,108,864. A reader that falls
   * further behind gets an error with `kind` `lagging`, and so does `TurnHandle.result()` if the turn's completed items
   * come to more; for notifications, the oldest are dropped.
   */
  unreadLimit?: number | undefined;
  /**
   * How much may wait for an engine that does not read what it is sent, in bytes. Default: 67,108,864. Beyond that, a
   * call fails with an `EngineNotReadingError`, and nothing of it is sent. One line may always be sent if less is waiting,
   * whatever its size. Answers to the engine have twice the room; beyond that, the connection ends with this error.
   */
  unsentLimit?: number | undefined;
  /**
   * Answers the engine's requests that no other handler answers, in the words of the protocol. Default: an answer that allows nothing. The engine asks
   * your program for approvals only if the thread's reviewer is `user`: `approvals` sets that, and no `ApprovalMode` does.
   */
  onServerRequest?: ServerRequestHandler | undefined;
  /** Called when a handler has failed: it threw, it took too long, or its answer was none. The safe answer was sent in its place. */
  onServerRequestError?: ServerRequestErrorHandler | undefined;
  /**
   * Spans and metrics for OpenTelemetry, and a W3C trace context on every request, so that the engine's spans join. Needs the package
   * `@opentelemetry/api`; without it, connecting fails with a `CodexError` whose `kind` is `install`. The channels of `node:diagnostics_channel` need no option.
   */
  telemetry?: TelemetryOptions | undefined;
  /** Gets a record for each step of the life cycle, with fields and without what is said; see `Logger`. What it throws is warned of once. */
  logger?: Logger | undefined;
  /**
   * Creates the connection to the engine instead of starting a process: `unixSocket()` and `webSocket()` attach the
   * client to an engine that runs already. Called once per connection. What concerns the process (`codexBin`,
   * `configOverrides`, `cwd`, `env` and others) has no effect then.
   */
  transport?: TransportFactory | undefined;
  /**
   * What happens when an attached client loses its connection. `false`: everything fails until you call `close()`. An
   * object: the connection is made again, and the client's threads are resumed. Only with `transport`. Default: `false`.
   */
  reconnect?: false | ReconnectPolicy | undefined;
  /**
   * Leaves a request of the engine that no handler of this client answers to the other clients of the same engine,
   * instead of sending the answer that allows nothing. The engine asks every client that has the thread open, and the
   * first answer counts. If nobody answers, the turn waits. Default: false.
   */
  leaveToOthers?: boolean | undefined;
}

/** The parameters of `initialize`, in wire form. */
export function initializeParams(config: CodexConfig) {
  return {
    clientInfo: {
      name: config.clientName ?? 'codex_typescript_sdk',
      title: config.clientTitle ?? 'Codex TypeScript SDK',
      version: config.clientVersion ?? version,
    },
    capabilities: { experimentalApi: config.experimentalApi ?? true },
  };
}

/**
 * The default of `requestTimeoutMs`: generous for slow machines, and finite because the real engine leaves some
 * requests unanswered.
 */
export const defaultRequestTimeoutMs = 600_000;

export const configRules: RulesFor<CodexConfig> = {
  codexBin: orNull(text),
  engineCheck: oneOf('warn', 'strict', 'off'),
  launchArgsOverride: orNull(texts),
  configOverrides: texts,
  cwd: orNull(text),
  env: orNull(textsByName),
  detached: flag,
  keepDescendants: flag,
  clientName: text,
  clientTitle: text,
  clientVersion: text,
  experimentalApi: flag,
  hooks: hooksRule,
  mcpServers: mcpServersRule,
  requestTimeoutMs: number,
  unreadLimit: number,
  unsentLimit: number,
  ...clientRequestRules,
  onServerRequest: callback,
  onServerRequestError: callback,
  telemetry: telemetryRule,
  logger: loggerRule,
  transport: callback,
  reconnect: reconnectRule,
  leaveToOthers: flag,
};
