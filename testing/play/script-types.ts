// Generated from fixtures/steps/script.yaml by npm run generate; do not edit.
import type { JsonValue } from '../json/json.ts';

/** A text, or bytes that are no text. */
export type ScriptBytes =
  | string
  | {
      base64: string;
    };

/** How a message is put on the wire. Every key is optional. */
export interface ScriptSaying {
  /** The message breaks the contract, or comes at a wrong time, on purpose. It is not checked. Default false. */
  wrong?: boolean;
  /** `false`: the message is sent as given; nothing is filled in from the contract. Default true. */
  template?: boolean;
  /** What ends the line. Default `lf`. With `none`, the line stays open for the next message. */
  eol?: 'lf' | 'crlf' | 'none';
  /** Text before the message on its line. */
  prefix?: string;
  /** Sizes of the first writes in bytes, then one write with the rest; or `every-byte`. */
  chunks?: 'every-byte' | number[];
  /** A latch to wait for after the first chunk. */
  wait?: string;
}

/** The steps by their verb. What fake-codex-rs does, step by step; see docs/script-format.md. */
export interface ScriptSteps {
  /** Waits for a request or notification of the client. */
  expect: {
    /** Its method. */
    expect: string;
    /** The name of the message from then on. Default is the method. */
    as?: string;
    /**
     * The message must contain at least these `params`. Lists are compared in full; `{ $absent: true }` means that
     * the property must not be there.
     */
    params?: JsonValue;
    /** `true`: the client may leave it out. The steps after it in its sequence are then not played. */
    optional?: boolean;
  };
  /** Answers that request of the client. */
  answer: {
    /** The name of the request. */
    answer: string;
    /** What matters in the result; the rest comes from the contract. */
    result?: JsonValue;
    /** Another id instead of the right one: any value, with `wrong: true`. */
    id?: JsonValue;
  } & ScriptSaying;
  /** Answers that request of the client with an error. */
  error: {
    /** The name of the request. */
    error: string;
    /** Default -32600. */
    code?: JsonValue;
    /** Default `scripted error`. */
    message?: JsonValue;
    /** Absent by default. */
    data?: JsonValue;
    /** The complete `error` member, instead of `code`, `message` and `data`. */
    body?: JsonValue;
    /** Another id instead of the right one: any value, with `wrong: true`. */
    id?: JsonValue;
  } & ScriptSaying;
  /** Sends a notification. */
  send: {
    /** Its method; any value with `wrong: true`. */
    send: JsonValue;
    /** What matters in its params; the rest comes from the contract. */
    params?: JsonValue;
  } & ScriptSaying;
  /** Sends a request to the client. */
  request: {
    /** The method; any value with `wrong: true`. */
    request: JsonValue;
    /** The name of the request. Default is the method. */
    as?: string;
    /** Default ids are 0, 1, … */
    id?: JsonValue;
    /** What matters in its params; the rest comes from the contract. */
    params?: JsonValue;
  } & ScriptSaying;
  /** Waits for the client's answer to that request. Without this step, any answer is accepted. */
  'expect-reply': {
    /** The name of the request. */
    'expect-reply': string;
    /** What the result must contain. */
    result?: JsonValue;
    /** What the error must contain. */
    error?: JsonValue;
    /** As with `expect`. */
    optional?: boolean;
  };
  /** Answers these requests from the contract whenever they arrive and no step expects them. */
  auto: {
    /** Methods. */
    auto: string[];
  };
  /** Waits until the scenario or the test releases the latch. Without a control server, latches count as released. */
  hold: {
    /** The latch's name. */
    hold: string;
    /** `true`: the client may end the engine first. The steps after it are then not played. */
    optional?: boolean;
  };
  /** Lets the scenario's `await-model: N` continue, as an engine's Nth model request would. */
  'model-request': {
    /** 1 for the first. */
    'model-request': number;
  };
  /** Plays the sequences side by side, each in its own order. */
  'any-order': {
    'any-order': ScriptStep[][];
  };
  /** Plays the steps N times. */
  repeat: {
    /** How often. */
    repeat: number;
    /** The steps. */
    steps: ScriptStep[];
  };
  /** Writes bytes unchanged and adds no newline. Counts as wrong unless `wrong: false`. */
  raw: {
    /** A text, or `{ base64: … }`. */
    raw: ScriptBytes;
    /** How many times. Default 1. */
    times?: number;
  } & Pick<ScriptSaying, 'wrong' | 'chunks' | 'wait'>;
  /** Writes to stderr. */
  stderr: {
    /** A text, or `{ base64: … }`. */
    stderr: ScriptBytes;
    /** How many times. Default 1. */
    times?: number;
    /** `true`: the client may leave it unread. The steps after it are then not played. */
    optional?: boolean;
  };
  /** `paused`: stops reading its input; `resumed`: continues. */
  reading: {
    reading: 'paused' | 'resumed';
  };
  /** Closes its `stdin` or `stdout` and keeps running. */
  close: {
    close: 'stdin' | 'stdout';
  };
  /** Sends and reads nothing more: `until-closed`, or `for-ever` (only SIGKILL ends it). */
  hang: {
    hang: 'until-closed' | 'for-ever';
  };
  /** Exits at once with a code, or by a signal (`SIGKILL`). */
  exit: {
    /** Exit code, or the name of a signal. */
    exit: number | string;
  };
  /** Leaves `initialize` and `initialized` to the script's own steps. */
  handshake: {
    handshake: 'none';
  };
  /**
   * Sets what `login`, `login status` or `logout` prints and how it exits. The nth such step is for the nth such
   * run, the last one for all that follow.
   */
  login: {
    /** Which run: with a key or a token from stdin, with a device code, in the browser; `login status`; `logout`. */
    login: 'api-key' | 'access-token' | 'device-auth' | 'browser' | 'status' | 'logout';
    /** A line on stdout. */
    prints?: string;
    /** A line on stderr. */
    says?: string;
    /** Exit code. Default 0. */
    code?: number;
    /** Exits only when it is ended, as if the user never confirmed. */
    waits?: true;
  };
  /**
   * Sets what `app-server generate-json-schema` writes. The nth such step is for the nth such run, the last one
   * for all that follow.
   */
  schema: {
    /**
     * `pinned`: the contract; `none`: no file; `hang`: nothing, until a signal; `{ text: … }`: every file has this
     * text.
     */
    schema:
      | 'pinned'
      | 'none'
      | 'hang'
      | {
          text: string;
        };
    /** Fields that types lack: `{ TurnStartParams: [toolOutput] }`. */
    without?: Record<string, string[]>;
    /** A line on stderr. */
    says?: string;
    /** Exit code. Default 0. */
    code?: number;
  };
  /** The steps that follow are played by the engine's Nth start. */
  start: {
    /** 2 for the second. */
    start: number;
  };
}

/** One step. */
export type ScriptStep = ScriptSteps[keyof ScriptSteps];

/** What may stand in a step. */
export interface ScriptVerb {
  /** The keys beside the verb. */
  keys: readonly string[];
  /** Those, the verb included, whose value is a latch that is waited for. */
  latches?: readonly string[];
  /** Those, the verb included, whose value is a list of steps, or several. */
  steps?: Readonly<Record<string, 'list' | 'lists'>>;
  /** A run of exec cannot have it. */
  server?: true;
}

/** The verbs, and what may stand beside each. */
export const scriptVerbs: Readonly<Record<keyof ScriptSteps, ScriptVerb>> = {
  expect: { keys: ['as', 'params', 'optional'] },
  answer: {
    keys: ['result', 'id', 'wrong', 'template', 'eol', 'prefix', 'chunks', 'wait'],
    latches: ['wait'],
    server: true,
  },
  error: {
    keys: ['code', 'message', 'data', 'body', 'id', 'wrong', 'template', 'eol', 'prefix', 'chunks', 'wait'],
    latches: ['wait'],
    server: true,
  },
  send: { keys: ['params', 'wrong', 'template', 'eol', 'prefix', 'chunks', 'wait'], latches: ['wait'] },
  request: {
    keys: ['as', 'id', 'params', 'wrong', 'template', 'eol', 'prefix', 'chunks', 'wait'],
    latches: ['wait'],
    server: true,
  },
  'expect-reply': { keys: ['result', 'error', 'optional'], server: true },
  auto: { keys: [], server: true },
  hold: { keys: ['optional'], latches: ['hold'] },
  'model-request': { keys: [] },
  'any-order': { keys: [], steps: { 'any-order': 'lists' } },
  repeat: { keys: ['steps'], steps: { steps: 'list' } },
  raw: { keys: ['times', 'wrong', 'chunks', 'wait'], latches: ['wait'] },
  stderr: { keys: ['times', 'optional'] },
  reading: { keys: [] },
  close: { keys: [] },
  hang: { keys: [] },
  exit: { keys: [] },
  handshake: { keys: [], server: true },
  login: { keys: ['prints', 'says', 'code', 'waits'] },
  schema: { keys: ['without', 'says', 'code'] },
  start: { keys: [] },
};
