import fc from 'fast-check';

/** Names that stand for the ids of the client under test. */
const known = ['REQUEST', 'THREAD', 'TURN', 'LOGIN', 'GOAL'];
const key = fc.oneof(
  fc.constantFrom('id', 'method', 'params', 'result', 'error', 'code', 'message', 'data', 'thread', 'turn', 'threadId'),
  fc.constantFrom(
    'turnId',
    'item',
    'status',
    'type',
    'goal',
    'loginId',
    'tokenUsage',
    'delta',
    'jsonrpc',
    'nextCursor',
  ),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'hasOwnProperty', 'then', ''),
  fc.string({ maxLength: 5 }),
);
const deep = (levels: number, open: string, close: string, inner = '') =>
  open.repeat(levels) + inner + close.repeat(levels);
/** Values of JSON, as text: such as no serializer writes are among them. */
const { value } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false', '""', '[]', '{}', '0', '-0', '1.5', '-32601'),
    fc.constantFrom('1e999', '-1e-999', '9007199254740993', '1'.repeat(400), '0.1e+308', '18446744073709551616'),
    fc.constantFrom(...known.map((name) => JSON.stringify(name))),
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)),
    fc.constantFrom('"\\ud800"', '"\\u0000"', '"\u2028"', '"server_overloaded"', '"failed"', '"completed"'),
    fc.constantFrom(JSON.stringify('i'.repeat(100_000)), JSON.stringify('\u0001'.repeat(20_000))),
    fc.nat(10_000).chain((levels) => fc.constantFrom(deep(levels, '[', ']'), deep(levels, '{"turn":', '}', '1'))),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }).map((entries) => `[${entries.join()}]`),
  ),
  // Of keys that come twice the last counts.
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 5 })
    .map((entries) => `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${entry}`).join()}}`),
}));
const method = fc.oneof(
  fc.constantFrom(
    'turn/started',
    'turn/completed',
    'item/completed',
    'item/agentMessage/delta',
    'thread/tokenUsage/updated',
  ),
  fc.constantFrom(
    'thread/goal/updated',
    'thread/goal/cleared',
    'account/login/completed',
    'configWarning',
    'of/no/engine',
  ),
  fc.constantFrom('item/tool/call', 'item/commandExecution/requestApproval', 'execCommandApproval', '__proto__'),
);
const ids = fc.constantFrom(
  '"threadId":"THREAD","turnId":"TURN","loginId":"LOGIN"',
  '"threadId":"GOAL","turnId":"GOAL"',
);
const status = fc.oneof(
  fc.constant('"failed"'),
  fc.constantFrom('"completed"', '"interrupted"', '"active"', '"complete"'),
  value,
);
const failure = fc.oneof(
  value,
  fc.tuple(value, value).map(([message, info]) => `{"message":${message},"codexErrorInfo":${info}}`),
);
/** What is nearly right: what the client itself reads of an event, each with any value in its fields. */
const turn = fc
  .tuple(status, failure, value)
  .map(
    ([how, error, at]) => `"turn":{"id":"ID","status":${how},"error":${error},"startedAt":${at},"completedAt":${at}}`,
  );
const goal = status.map((how) => `"goal":{"status":${how}}`);
const item = value.map((entry) => `"item":{"type":"agentMessage","text":${entry},"phase":${entry}}`);
const any = fc.tuple(key, value).map(([name, entry]) => `${JSON.stringify(name)}:${entry}`);
const thing = fc.oneof(turn, goal, item, any);
const event = fc
  .tuple(
    fc.oneof(
      fc.tuple(fc.constantFrom('turn/completed', 'turn/started'), turn),
      fc.tuple(fc.constant('thread/goal/updated'), goal),
      fc.tuple(fc.constant('item/completed'), item),
      fc.tuple(method, thing),
    ),
    any,
    fc.constantFrom('TURN', 'GOAL'),
  )
  .map(([[name, main], more, id]) => {
    const thread = id === 'TURN' ? 'THREAD' : id;
    const params = `{"threadId":"${thread}","turnId":"${id}",${more},${main.replace('"ID"', JSON.stringify(id))}}`;
    return `{"method":${JSON.stringify(name)},"params":${params}}`;
  });
/** Each field of the envelope is there or not, and right or of any type. */
const envelope = fc
  .record(
    {
      id: fc.oneof(fc.constant('"REQUEST"'), value),
      method: fc.oneof(
        method.map((name) => JSON.stringify(name)),
        value,
      ),
      params: fc.oneof(
        value,
        fc.tuple(ids, thing, thing).map((parts) => `{${parts.join()}}`),
      ),
      result: value,
      error: fc.oneof(
        value,
        value.map((data) => `{"code":${data},"message":${data},"data":${data}}`),
      ),
    },
    { requiredKeys: [] },
  )
  .map(
    (fields) =>
      `{${Object.entries(fields)
        .map(([name, entry]) => `"${name}":${entry}`)
        .join()}}`,
  );
const raw = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => Buffer.from(text)),
  fc.constantFrom(
    Buffer.alloc(1_200_000, 1),
    Buffer.from(`{"a":"${'x'.repeat(1_200_000)}`),
    Buffer.from('[').subarray(0, 1),
  ),
);
type Change = { at: number; byte: number; cut: boolean };
/** What an engine may write, without the line feed at its end. `REQUEST` stands for the id of the client's waiting request. */
export const hostileLine = fc.oneof(
  { weight: 5, arbitrary: envelope.map((text) => Buffer.from(text)) },
  { weight: 5, arbitrary: event.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: value.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: raw },
  {
    weight: 2,
    arbitrary: fc
      .tuple(envelope, fc.record<Change>({ at: fc.nat(), byte: fc.nat(255), cut: fc.boolean() }))
      .map(([text, { at, byte, cut }]) => {
        const bytes = Buffer.from(text);
        if (cut) return bytes.subarray(0, at % bytes.length);
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
  },
);
