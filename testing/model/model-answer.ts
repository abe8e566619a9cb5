import type { JsonObject, JsonValue } from '../json/json.ts';

// What the scripted model answers, as data. One answer per request that the engine makes.
//
// An answer is written short (`message: hi`) or as explicit `parts` where order matters; `expandAnswer` turns the short
// form into parts. Parts are played in order, then the response is completed, unless a part ended it (`fail`, `cut`, `hang`).

/** Token counts as the Responses API reports them. Default: all zero but what is given. */
export interface ModelUsage {
  input?: number;
  cached?: number;
  output?: number;
  reasoning?: number;
  total?: number;
}

/** An HTTP failure in place of a stream. */
export interface ModelFailure {
  status: number;
  /** `error.code` of the body. */
  code?: string;
  /** `error.message` of the body. Default: `scripted failure`. */
  message?: string;
  /** The whole body, where code and message do not suffice. */
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

/** One thing of an answer; `parts` has them in their order. */
export type ModelPart =
  /** A whole message, sent at once. */
  | { message: string; phase?: string }
  /** A message sent delta by delta; `hold` keeps the item open after the last delta until the latch is released. */
  | { stream: string[]; phase?: string; hold?: string }
  | { reasoning: { summary?: string[]; text?: string } }
  | { call: ModelToolCall }
  /** A freeform tool call (`custom_tool_call`), `apply_patch` by default. */
  | { custom: { name: string; input: string; namespace?: string; callId?: string } }
  /** Nothing is sent until the latch is released. */
  | { hold: string }
  /** Any output item, sent as `response.output_item.done`. */
  | { item: JsonObject }
  /** Server-sent events verbatim: `type` names the event. */
  | { events: JsonObject[] }
  /** Bytes verbatim on the stream. */
  | { raw: string }
  | { fail: ModelFailure }
  /** The connection is cut here. */
  | { cut: true }
  /** Nothing more is ever sent; the connection stays open until the engine leaves. */
  | { hang: true };

/** One scripted answer: short form (the keys of one or more parts, played in the order reasoning, message/stream, call, patch, fail/cut/hang) or `parts`. */
export interface ModelAnswer {
  /** Only answers a request whose new user input contains this text: two threads at once. */
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
