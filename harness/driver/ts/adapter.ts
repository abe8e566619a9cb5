import type { JsonObject, JsonValue } from '../../../testing/scripted-model/types.ts';
import type { Capability, ClientId } from '../../scenario/types.ts';

/** An event of a stream, as observed. */
export interface ObservedEvent {
  method: string;
  payload: JsonObject;
  known: boolean;
}

/** Arguments or fields by their Python names, with the typed forms already built. */
export type BuiltArguments = Record<string, unknown>;

/**
 * A client as the step interpreter needs it. Names arrive as scenarios write them (Python's); mapping them to its own is the
 * adapter's affair. What a method throws of the client's own making is observed as an error; a DriverFailure is not.
 */
export interface ClientAdapter {
  readonly id: ClientId;
  readonly version: string;
  readonly capabilities: Capability[];
  /** A fresh client, not connected. `options` have the names of Python's `CodexConfig`. */
  create(options: BuiltArguments): unknown;
  connect(client: unknown): Promise<void>;
  /** The attribute `name` of a bound value. */
  attribute(owner: unknown, name: string): unknown;
  /** Call the operation `name` of a bound value, or give the attribute where it is none. `signal` cancels the call. */
  call(owner: unknown, name: string, args: BuiltArguments, signal: AbortSignal | undefined): unknown;
  /** End a stream, handle or client. */
  close(value: unknown): Promise<void>;
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
