import type { JsonValue } from '../json/json.ts';

/** How a message is put on the wire; all of it may be left out. */
export interface ScriptSaying {
  /** It breaks the contract, or comes where it may not, on purpose: it is not checked. */
  wrong?: boolean;
  /** `false`: what is given stands as it is; nothing is completed from the contract. */
  template?: boolean;
  /** What ends the line. Default `lf`; `none` leaves it open for what is said next. */
  eol?: 'lf' | 'crlf' | 'none';
  /** Text before the message, on its line. */
  prefix?: string;
  /** Sizes of the first writes in bytes, the rest being one more; or every byte by itself. */
  chunks?: number[] | 'every-byte';
  /** Latch that is waited for after the first chunk. */
  wait?: string;
}

/** A text, or bytes that are no text. */
export type ScriptBytes = string | { base64: string };

/**
 * One step of a fake engine; docs/script-format.md explains each. A message's `params` and `result` state only what matters: the rest comes from the
 * engine's contract. `${NAME.params.threadId}` in a text stands for what the client's message NAME had there.
 */
export type ScriptStep =
  /** Waits for a request or notification of the client. `params`: what it must hold at least. `as`: its name, by default the method. */
  | { expect: string; as?: string; params?: JsonValue; optional?: boolean }
  /** Answers the request of this name. */
  | ({ answer: string; result?: JsonValue; id?: JsonValue } & ScriptSaying)
  /** Answers it with an error: code -32600 unless stated. */
  | ({
      error: string;
      code?: JsonValue;
      message?: JsonValue;
      data?: JsonValue;
      body?: JsonValue;
      id?: JsonValue;
    } & ScriptSaying)
  /** Sends a notification. */
  | ({ send: JsonValue; params?: JsonValue } & ScriptSaying)
  /** Asks the client. */
  | ({ request: JsonValue; as?: string; id?: JsonValue; params?: JsonValue } & ScriptSaying)
  /** Waits for the client's answer to a request. */
  | { 'expect-reply': string; result?: JsonValue; error?: JsonValue; optional?: boolean }
  /** Writes bytes as they stand. */
  | { raw: ScriptBytes; times?: number; wrong?: boolean; chunks?: number[] | 'every-byte'; wait?: string }
  /** Waits until the test calls `release(NAME)`. */
  | { hold: string }
  /** Lets a scenario's `await-model: N` go on, as if this engine had sent its Nth model request. */
  | { 'model-request': number }
  /** Plays several sequences, each in its own order, as the client drives them. */
  | { 'any-order': ScriptStep[][] }
  | { repeat: number; steps: ScriptStep[] }
  /** Requests of these methods are answered from the contract whenever they come and no step expects them. */
  | { auto: string[] }
  /** `initialize` and `initialized` are left to the script's own steps. */
  | { handshake: 'none' }
  /** What `login`, `login status` or `logout` says (`prints` on stdout, `says` on stderr), and its exit code. The nth such step is for the nth run. */
  | {
      login: 'api-key' | 'access-token' | 'device-auth' | 'browser' | 'status' | 'logout';
      prints?: string;
      says?: string;
      code?: number;
      /** It leaves only when it is ended, as where a user never confirms. */
      waits?: true;
    }
  /** What `app-server generate-json-schema` writes: the contract `without` some fields of its types, a text in place of each schema, or nothing. */
  | {
      schema: 'pinned' | 'none' | 'hang' | { text: string };
      without?: Record<string, string[]>;
      says?: string;
      code?: number;
    }
  /** What follows is played by the engine's nth start (2, 3, …). */
  | { start: number }
  | { stderr: ScriptBytes; times?: number; optional?: boolean }
  | { close: 'stdin' | 'stdout' }
  | { reading: 'paused' | 'resumed' }
  /** Says and hears nothing more: until the client closes it, or until it is killed. */
  | { hang: 'until-closed' | 'for-ever' }
  /** Leaves at once, with an exit code or by a signal. */
  | { exit: number | string };
