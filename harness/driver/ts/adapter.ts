import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { Capability, ClientId } from '../../clients/types.ts';
import type { ClientIdentity } from '../../observation/types.ts';
import type { RunMessage } from '../protocol.ts';

/** An event of a stream, as observed. */
export interface ObservedEvent {
  method: string;
  payload: JsonObject;
  known: boolean;
}

/** A request of the engine, as the client's handler has it. */
export interface AskedRequest {
  method: string;
  params: JsonValue;
}

/** What a handler gives: a result, an error answer, or nothing where the client is to answer by itself. */
export type HandlerAnswer = { result: JsonValue } | { error: { code: number; message: string } } | undefined;

/** Answers the requests of the engine; rejects where the handler is to fail. */
export type Answerer = (request: AskedRequest) => Promise<HandlerAnswer>;

/** Arguments or fields by their Python names, with the typed forms already built. */
export type BuiltArguments = Record<string, unknown>;

/**
 * A client as the step interpreter needs it. Names arrive as scenarios write them (Python's); mapping them to its own is the
 * adapter's affair. What a method throws of the client's own making is observed as an error; a DriverFailure is not.
 */
export interface ClientAdapter {
  readonly id: ClientId;
  readonly version: string;
  /** How the client names itself by default; absent where it does not. Written down here, not asked of the client: it could lie. */
  readonly clientInfo?: ClientIdentity;
  readonly capabilities: Capability[];
  /**
   * Done before a run's client is made; gives what undoes it after the run. `uncaught` observes an error that would have ended a user's process.
   */
  prepare?(message: RunMessage, uncaught: (error: unknown) => void): () => void;
  /** A fresh client, not connected. `options` have the names of Python's `CodexConfig`; `answer` becomes its handler of server requests. */
  create(options: BuiltArguments, answer: Answerer | undefined): unknown;
  connect(client: unknown): Promise<void>;
  /** The attribute `name` of a bound value. */
  attribute(owner: unknown, name: string): unknown;
  /** Call the operation `name` of a bound value, or give the attribute where it is none. `signal` cancels the call. */
  call(owner: unknown, name: string, args: BuiltArguments, signal: AbortSignal | undefined): unknown;
  /** End a stream, handle or client. */
  close(value: unknown): Promise<void>;
  /** End a client as the end of its block does, where the language has that. Default: `close`. */
  dispose?(client: unknown): Promise<void>;
  isStream(value: unknown): value is AsyncIterator<unknown>;
  /** An item of a stream. */
  event(item: unknown): ObservedEvent;
  /** What `operation` of `owner` returned, in wire names. */
  result(value: unknown, owner: unknown, operation: string | undefined): JsonValue;
  isRetryable(error: unknown): boolean;
  /** `{$enum: "Sandbox.read_only"}`; throws DriverFailure when there is none. */
  enumMember(className: string, member: string): unknown;
  /** `{$new: …}`; throws DriverFailure when there is no such class. */
  instance(className: string, fields: BuiltArguments): unknown;
}
