import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { Capability, ClientId } from '../../clients/clients.ts';
import type { ClientIdentity } from '../../observation/types.ts';
import type { RunMessage } from '../protocol.ts';
import type { HoldingClient } from './rest-watch.ts';

/** An event of a stream, as observed. */
export interface ObservedEvent {
  method: string;
  payload: JsonObject;
  known: boolean;
}

/** A request of the engine, as the client's handler receives it. */
export interface AskedRequest {
  method: string;
  params: JsonValue;
}

/** What a handler returns: a result, an error, or nothing if the client should answer by itself. */
export type HandlerAnswer = { result: JsonValue } | { error: { code: number; message: string } } | undefined;

/** Answers the engine's requests; rejects if the handler should fail. */
export type Answerer = (request: AskedRequest) => Promise<HandlerAnswer>;

/** Arguments or fields by their Python names, with the typed forms already built. */
export type BuiltArguments = Record<string, unknown>;

/**
 * A client as the step interpreter needs it. Names arrive as scenarios write them (Python's), and the adapter maps them
 * to its own. An error of the client that a method throws is observed; a DriverFailure is not.
 */
export interface ClientAdapter {
  readonly id: ClientId;
  readonly version: string;
  /**
   * How the client names itself by default; absent if it does not. Hard-coded, not asked of the client, which could
   * lie.
   */
  readonly clientInfo?: ClientIdentity;
  readonly capabilities: Capability[];
  /** Where the client keeps what it holds, for a look at what it leaves; absent if nobody can look into it. */
  readonly holding?: HoldingClient;
  /** Observes what the client tells of itself, up to the call of the result; absent if it tells nothing. */
  telemetry?(observe: (name: string, message: JsonObject) => void): () => void;
  /**
   * Called before a run's client is created; returns a function that undoes it after the run. `uncaught` observes an
   * error that would have ended a user's process.
   */
  prepare?(message: RunMessage, uncaught: (error: unknown) => void): (() => void) | undefined;
  /**
   * Creates a client, not connected. `options` have the names of Python's `CodexConfig`; `answer` becomes its handler
   * of server requests.
   */
  create(options: BuiltArguments, answer: Answerer | undefined): unknown;
  connect(client: unknown): Promise<void>;
  /** The attribute `name` of a bound value. */
  attribute(owner: unknown, name: string): unknown;
  /**
   * Calls the operation `name` of a bound value, or returns the attribute if it is not callable. `signal` cancels the
   * call.
   */
  call(owner: unknown, name: string, args: BuiltArguments, signal: AbortSignal | undefined): unknown;
  /** Ends a stream, handle or client. */
  close(value: unknown): Promise<void>;
  /** Ends a client as the end of its block does, if the language has that. Default: `close`. */
  dispose?(client: unknown): Promise<void>;
  isStream(value: unknown): value is AsyncIterator<unknown>;
  /** A stream has been read to its end, and returned this. */
  ended?(stream: object, value: unknown): void;
  /** An item of a stream. */
  event(item: unknown): ObservedEvent;
  /** What `operation` of `owner` returned, in wire names. */
  result(value: unknown, owner: unknown, operation: string | undefined): JsonValue;
  isRetryable(error: unknown): boolean;
  /** `{$enum: "Sandbox.read_only"}`; throws DriverFailure if there is none. */
  enumMember(className: string, member: string): unknown;
  /** `{$new: …}`; throws DriverFailure if there is no such class. */
  instance(className: string, fields: BuiltArguments): unknown;
}
