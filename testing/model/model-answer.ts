import type { JsonObject, JsonValue } from '../json/json.ts';

// The scripted model's answers, as data. One answer for each request that the engine makes.
//
// An answer has a short form (`message: hi`) or explicit `parts` if the order matters; `expandAnswer` turns the short
// form into parts. Parts are played in order. Then the response is completed, unless a part has ended it (`fail`,
// `cut`, `hang`).

/** Token counts as the Responses API reports them. Counts that you leave out are zero. */
export interface ModelUsage {
  input?: number;
  cached?: number;
  output?: number;
  reasoning?: number;
  total?: number;
}

/** An HTTP failure instead of a stream. */
export interface ModelFailure {
  status: number;
  /** `error.code` of the body. */
  code?: string;
  /** `error.message` of the body. Default: `scripted failure`. */
  message?: string;
  /** The whole body, if code and message are not enough. */
  body?: JsonValue;
  headers?: Record<string, string>;
}

/** A tool call. `arguments` is sent as JSON text. */
export interface ModelToolCall {
  name: string;
  namespace?: string;
  arguments: JsonObject | string;
  callId?: string;
}

/** One part of an answer; `parts` lists them in order. */
export type ModelPart =
  /** A whole message, sent at once. */
  | { message: string; phase?: string }
  /** A message sent in deltas; `hold` keeps the item open after the last delta until the latch is released. */
  | { stream: string[]; phase?: string; hold?: string }
  | { reasoning: { summary?: string[]; text?: string } }
  | { call: ModelToolCall }
  /** A freeform tool call (`custom_tool_call`), by default `apply_patch`. */
  | { custom: { name: string; input: string; namespace?: string; callId?: string } }
  /** Nothing is sent until the latch is released. */
  | { hold: string }
  /** Any output item, sent as `response.output_item.done`. */
  | { item: JsonObject }
  /** Server-sent events, verbatim; `type` names the event. */
  | { events: JsonObject[] }
  /** Bytes on the stream, verbatim. */
  | { raw: string }
  | { fail: ModelFailure }
  /** Cuts the connection. */
  | { cut: true }
  /** Sends nothing more; the connection stays open until the engine leaves. */
  | { hang: true };

/**
 * One scripted answer: the short form (the keys of one or more parts, played in the order reasoning, message/stream,
 * call, patch, fail/cut/hang), or `parts`.
 */
export interface ModelAnswer {
  /** Only answers a request whose new user input contains this text, so that two threads can run at once. */
  for?: string;
  parts?: ModelPart[];
  reasoning?: { summary?: string[]; text?: string };
  message?: string;
  stream?: string[];
  phase?: string;
  hold?: string;
  call?: ModelToolCall;
  calls?: ModelToolCall[];
  /** Short for `custom: { name: apply_patch, input }`. */
  patch?: string;
  fail?: ModelFailure;
  cut?: true;
  hang?: true;
  usage?: ModelUsage;
}
