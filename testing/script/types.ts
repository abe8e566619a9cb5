import type { JsonValue } from '../scripted-model/types.ts';

/** Bytes that are no text, in a script. */
export interface Base64 {
  base64: string;
}

/** How a message of the fake engine is put on the wire. */
export interface ScriptSaying {
  /** It breaks the contract, or comes where it may not, on purpose. Default false. */
  wrong?: boolean;
  /** `false`: what is given stands as it is; nothing is completed from the contract. Default true. */
  template?: boolean;
  /** What ends the line. Default `lf`; `none` leaves it open. */
  eol?: 'lf' | 'crlf' | 'none';
  /** Text before the message, on its line. */
  prefix?: string;
  /** Sizes of the first writes in bytes, the rest being one more; or every byte by itself. */
  chunks?: 'every-byte' | number[];
  /** Latch that is waited for after the first chunk. */
  wait?: string;
}

/** Waits for a request or notification of the client. `as` (default: the method) is its name from then on. */
export interface ExpectStep {
  expect: string;
  as?: string;
  /** What its params must hold. */
  params?: JsonValue;
  /** A client that never sends it misses nothing. */
  optional?: boolean;
}
/** Answers a request with a result: what it states, completed from the contract. */
export interface AnswerStep extends ScriptSaying {
  answer: string;
  result?: JsonValue;
  /** Another id than the client's. */
  id?: JsonValue;
}
/** Answers a request with an error; `body` is the whole member in place of code, message and data. */
export interface ErrorStep extends ScriptSaying {
  error: string;
  code?: JsonValue;
  message?: JsonValue;
  data?: JsonValue;
  body?: JsonValue;
  id?: JsonValue;
}
/** Sends a notification: what its params state, completed from the contract. */
export interface SendStep extends ScriptSaying {
  send: JsonValue;
  params?: JsonValue;
}
/** Asks something of the client. `as` (default: the method) is the request's name. */
export interface RequestStep extends ScriptSaying {
  request: JsonValue;
  as?: string;
  id?: JsonValue;
  params?: JsonValue;
}
/** Waits for the client's answer to a request. */
export interface ExpectReplyStep {
  'expect-reply': string;
  result?: JsonValue;
  error?: JsonValue;
  optional?: boolean;
}
/** Writes bytes as they stand. Wrong on purpose unless it says `wrong: false`. */
export interface RawStep {
  raw: string | Base64;
  times?: number;
  wrong?: boolean;
  chunks?: 'every-byte' | number[];
  wait?: string;
}
/** Waits for a latch. */
export interface HoldStep {
  hold: string;
}
/** Plays several sequences, each in its own order, as the client drives them. */
export interface AnyOrderStep {
  'any-order': ScriptStep[][];
}
/** Plays the steps several times over. */
export interface RepeatStep {
  repeat: number;
  steps: ScriptStep[];
}
/** Requests that are answered from the contract whenever they come and no step expects them. */
export interface AutoStep {
  auto: string[];
}
/** `none`: `initialize` and `initialized` are left to the script's own steps. */
export interface HandshakeStep {
  handshake: 'none';
}
/** What follows is played by the engine's next start: 2 for the second. */
export interface StartStep {
  start: number;
}
/** Writes to stderr. */
export interface StderrStep {
  stderr: string | Base64;
  times?: number;
}
/** Closes one of the engine's streams; it lives on. */
export interface CloseStep {
  close: 'stdin' | 'stdout';
}
/** Reads nothing more of its input, or goes on reading. */
export interface ReadingStep {
  reading: 'paused' | 'resumed';
}
/** Says and hears nothing more. */
export interface HangStep {
  hang: 'until-closed' | 'for-ever';
}
/** Leaves at once, with an exit code or by a signal. */
export interface ExitStep {
  exit: number | string;
}

/** One step of what the fake engine does; `docs/script-format.md` tells all of them. */
export type ScriptStep =
  | ExpectStep
  | AnswerStep
  | ErrorStep
  | SendStep
  | RequestStep
  | ExpectReplyStep
  | RawStep
  | HoldStep
  | AnyOrderStep
  | RepeatStep
  | AutoStep
  | HandshakeStep
  | StartStep
  | StderrStep
  | CloseStep
  | ReadingStep
  | HangStep
  | ExitStep;
