// Generated from fixtures/steps/script.yaml by npm run generate; do not edit.
import type { JsonValue } from '../exact-json.ts';

type ScriptBytes =
  | string
  | {
      base64: string;
    };

interface ScriptSaying {
  wrong?: boolean;
  template?: boolean;
  eol?: 'lf' | 'crlf' | 'none';
  prefix?: string;
  chunks?: 'every-byte' | number[];
  wait?: string;
}

/** The steps by their verb. What fake-codex-rs does, step by step; see docs/script-format.md. */
export interface GivenSteps {
  expect: {
    expect: string;
    as?: string;
    params?: JsonValue;
    optional?: boolean;
  };
  answer: {
    answer: string;
    result?: JsonValue;
    id?: JsonValue;
  } & ScriptSaying;
  error: {
    error: string;
    code?: JsonValue;
    message?: JsonValue;
    data?: JsonValue;
    body?: JsonValue;
    id?: JsonValue;
  } & ScriptSaying;
  send: {
    send: JsonValue;
    params?: JsonValue;
  } & ScriptSaying;
  request: {
    request: JsonValue;
    as?: string;
    id?: JsonValue;
    params?: JsonValue;
  } & ScriptSaying;
  'expect-reply': {
    'expect-reply': string;
    result?: JsonValue;
    error?: JsonValue;
    optional?: boolean;
  };
  auto: {
    auto: string[];
  };
  hold: {
    hold: string;
    optional?: boolean;
  };
  'model-request': {
    'model-request': number;
  };
  'any-order': {
    'any-order': GivenStep[][];
  };
  repeat: {
    repeat: number;
    steps: GivenStep[];
  };
  raw: {
    raw: ScriptBytes;
    times?: number;
  } & Pick<ScriptSaying, 'wrong' | 'chunks' | 'wait'>;
  stderr: {
    stderr: ScriptBytes;
    times?: number;
    optional?: boolean;
  };
  reading: {
    reading: 'paused' | 'resumed';
  };
  close: {
    close: 'stdin' | 'stdout';
  };
  hang: {
    hang: 'until-closed' | 'for-ever';
  };
  exit: {
    exit: number | string;
  };
  handshake: {
    handshake: 'none';
  };
  login: {
    login: 'api-key' | 'access-token' | 'device-auth' | 'browser' | 'status' | 'logout';
    prints?: string;
    says?: string;
    code?: number;
    waits?: true;
  };
  schema: {
    schema:
      | 'pinned'
      | 'none'
      | 'hang'
      | {
          text: string;
        };
    without?: Record<string, string[]>;
    says?: string;
    code?: number;
  };
  start: {
    start: number;
  };
}

/** One step. */
export type GivenStep = GivenSteps[keyof GivenSteps];

/** The form of each step as JSON Schema, as JSON. Steps within steps are left open: each is checked as it is read. */
export const stepSchemas: Readonly<Record<keyof GivenSteps, string>> = {
  expect:
    '{"type":"object","properties":{"expect":{"type":"string","minLength":1},"as":{"type":"string","pattern":"^[^\\\\s.{}$]+$"},"params":{},"optional":{"type":"boolean"}},"required":["expect"],"additionalProperties":false}',
  answer:
    '{"type":"object","properties":{"answer":{"type":"string","pattern":"^[^\\\\s.{}$]+$"},"result":{},"id":{},"wrong":{"type":"boolean"},"template":{"type":"boolean"},"eol":{"enum":["lf","crlf","none"]},"prefix":{"type":"string"},"chunks":{"type":["string","array"],"pattern":"^every-byte$","items":{"type":"integer","minimum":1},"minItems":1},"wait":{"type":"string","pattern":"^[A-Za-z0-9_-]+$"}},"required":["answer"],"additionalProperties":false}',
  error:
    '{"type":"object","properties":{"error":{"type":"string","pattern":"^[^\\\\s.{}$]+$"},"code":{},"message":{},"data":{},"body":{},"id":{},"wrong":{"type":"boolean"},"template":{"type":"boolean"},"eol":{"enum":["lf","crlf","none"]},"prefix":{"type":"string"},"chunks":{"type":["string","array"],"pattern":"^every-byte$","items":{"type":"integer","minimum":1},"minItems":1},"wait":{"type":"string","pattern":"^[A-Za-z0-9_-]+$"}},"required":["error"],"additionalProperties":false}',
  send: '{"type":"object","properties":{"send":{},"params":{},"wrong":{"type":"boolean"},"template":{"type":"boolean"},"eol":{"enum":["lf","crlf","none"]},"prefix":{"type":"string"},"chunks":{"type":["string","array"],"pattern":"^every-byte$","items":{"type":"integer","minimum":1},"minItems":1},"wait":{"type":"string","pattern":"^[A-Za-z0-9_-]+$"}},"required":["send"],"additionalProperties":false}',
  request:
    '{"type":"object","properties":{"request":{},"as":{"type":"string","pattern":"^[^\\\\s.{}$]+$"},"id":{},"params":{},"wrong":{"type":"boolean"},"template":{"type":"boolean"},"eol":{"enum":["lf","crlf","none"]},"prefix":{"type":"string"},"chunks":{"type":["string","array"],"pattern":"^every-byte$","items":{"type":"integer","minimum":1},"minItems":1},"wait":{"type":"string","pattern":"^[A-Za-z0-9_-]+$"}},"required":["request"],"additionalProperties":false}',
  'expect-reply':
    '{"type":"object","properties":{"expect-reply":{"type":"string","pattern":"^[^\\\\s.{}$]+$"},"result":{},"error":{},"optional":{"type":"boolean"}},"required":["expect-reply"],"additionalProperties":false}',
  auto: '{"type":"object","properties":{"auto":{"type":"array","minItems":1,"items":{"type":"string","minLength":1}}},"required":["auto"],"additionalProperties":false}',
  hold: '{"type":"object","properties":{"hold":{"type":"string","pattern":"^[A-Za-z0-9_-]+$"},"optional":{"type":"boolean"}},"required":["hold"],"additionalProperties":false}',
  'model-request':
    '{"type":"object","properties":{"model-request":{"type":"integer","minimum":1}},"required":["model-request"],"additionalProperties":false}',
  'any-order':
    '{"type":"object","properties":{"any-order":{"type":"array","items":{"type":"array"}}},"required":["any-order"],"additionalProperties":false}',
  repeat:
    '{"type":"object","properties":{"repeat":{"type":"integer","minimum":1},"steps":{"type":"array"}},"required":["repeat","steps"],"additionalProperties":false}',
  raw: '{"type":"object","properties":{"raw":{"type":["string","object"],"properties":{"base64":{"type":"string","pattern":"^[A-Za-z0-9+/]*=*$"}},"required":["base64"],"additionalProperties":false},"times":{"type":"integer","minimum":1},"wrong":{"type":"boolean"},"chunks":{"type":["string","array"],"pattern":"^every-byte$","items":{"type":"integer","minimum":1},"minItems":1},"wait":{"type":"string","pattern":"^[A-Za-z0-9_-]+$"}},"required":["raw"],"additionalProperties":false}',
  stderr:
    '{"type":"object","properties":{"stderr":{"type":["string","object"],"properties":{"base64":{"type":"string","pattern":"^[A-Za-z0-9+/]*=*$"}},"required":["base64"],"additionalProperties":false},"times":{"type":"integer","minimum":1},"optional":{"type":"boolean"}},"required":["stderr"],"additionalProperties":false}',
  reading:
    '{"type":"object","properties":{"reading":{"enum":["paused","resumed"]}},"required":["reading"],"additionalProperties":false}',
  close:
    '{"type":"object","properties":{"close":{"enum":["stdin","stdout"]}},"required":["close"],"additionalProperties":false}',
  hang: '{"type":"object","properties":{"hang":{"enum":["until-closed","for-ever"]}},"required":["hang"],"additionalProperties":false}',
  exit: '{"type":"object","properties":{"exit":{"type":["integer","string"],"minimum":0,"pattern":"^SIG[A-Z0-9]+$"}},"required":["exit"],"additionalProperties":false}',
  handshake:
    '{"type":"object","properties":{"handshake":{"enum":["none"]}},"required":["handshake"],"additionalProperties":false}',
  login:
    '{"type":"object","properties":{"login":{"enum":["api-key","access-token","device-auth","browser","status","logout"]},"prints":{"type":"string"},"says":{"type":"string"},"code":{"type":"integer","minimum":0},"waits":{"const":true}},"required":["login"],"additionalProperties":false}',
  schema:
    '{"type":"object","properties":{"schema":{"type":["string","object"],"pattern":"^(pinned|none|hang)$","properties":{"text":{"type":"string"}},"required":["text"],"additionalProperties":false},"without":{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}},"says":{"type":"string"},"code":{"type":"integer","minimum":0}},"required":["schema"],"additionalProperties":false}',
  start:
    '{"type":"object","properties":{"start":{"type":"integer","minimum":2}},"required":["start"],"additionalProperties":false}',
};

/** Steps that a run of exec cannot have. */
export const serverSteps: ReadonlySet<string> = new Set([
  'answer',
  'error',
  'request',
  'expect-reply',
  'auto',
  'handshake',
]);
