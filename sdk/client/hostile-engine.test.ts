import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CodexError } from '../errors/codex-error.ts';
import { TransportClosedError } from '../errors/connection-errors.ts';
import { EventParseError } from '../exec/exec-errors.ts';
import { parseEvent } from '../exec/parse-event.ts';
import { until } from '../test-fixtures/connected-client.ts';
import { LineDecoder } from '../transport/line-codec.ts';
import { memoryTransport } from '../transport/memory.ts';
import type { TransportEvents } from '../transport/transport.ts';
import { Codex } from './codex.ts';

/** More by hand: `FUZZ_RUNS=20000 TWINPROOF_SEED=2 npx vitest run sdk/client/hostile-engine`. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 1000);

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

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
const line = fc.oneof(
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

/** A client of an engine that writes bytes, with all that may wait for them: a request, a turn, a login, notifications. */
async function host() {
  const { transport, peer } = memoryTransport();
  const decoder = new LineDecoder();
  let events: TransportEvents | undefined;
  const onServerRequest = ({ method: name }: { method: string }) =>
    name === 'of/no/engine' ? { handled: true } : undefined;
  const codex = new Codex({
    transport: () => ({
      ...transport,
      open: async (given) => {
        events = given;
        await transport.open(given);
      },
    }),
    onServerRequest,
  });
  const answer = async (result: object) => {
    for (;;) {
      const { id, method: name } = JSON.parse(await peer.next()) as { id: string; method?: string };
      if (name !== undefined && name !== 'initialized') peer.send(JSON.stringify({ id, result }));
      if (name !== undefined && name !== 'initialized') return;
    }
  };
  const connecting = codex.connect();
  await until(() => events !== undefined);
  await answer({ userAgent: 'engine/0.163.0' });
  await connecting;
  const [thread] = await Promise.all([codex.threadStart(), answer({ thread: { id: 'THREAD' } })]);
  const [turn] = await Promise.all([thread.turn('hi'), answer({ turn: { id: 'TURN' } })]);
  const waiting = [codex.models(), turn.run(), codex.waitForLoginCompleted('LOGIN'), codex.nextNotification()];
  for (const wait of waiting) wait.catch(() => {});
  const { id } = JSON.parse(await peer.next()) as { id: string };
  return {
    waiting,
    /** What the engine writes, in pieces. */
    write(bytes: Buffer, size: number): void {
      const own =
        bytes.length > 1_000_000 ? bytes : Buffer.from(bytes.toString('latin1').replaceAll('REQUEST', id), 'latin1');
      try {
        for (let from = 0; from < own.length; from += size) {
          for (const read of decoder.push(own.subarray(from, from + size))) events?.onLine(read);
        }
      } catch (error) {
        peer.end(error as Error);
      }
    },
    /** A next call, and its good answer. */
    async call(): Promise<unknown> {
      const result = codex.request('model/list', {});
      result.catch(() => {});
      while (!peer.closed) {
        const text = peer.received.shift();
        const sent = text === undefined ? undefined : (JSON.parse(text) as { id: string; method?: string });
        if (sent?.method === 'model/list') peer.send(JSON.stringify({ id: sent.id, result: { data: ['alive'] } }));
        if (sent?.method === 'model/list') break;
        if (text === undefined) await new Promise((resolve) => setImmediate(resolve));
      }
      return await result;
    },
    async end(): Promise<void> {
      peer.end(new TransportClosedError('the end'));
      await codex.close();
    },
  };
}

test(`${numRuns} hostile lines: the client fails with a CodexError, or lives and answers the next call`, async () => {
  const outcomes = { alive: 0, failed: 0 };
  await fc.assert(
    fc.asyncProperty(line, fc.nat(100_000), async (bytes, size) => {
      const { waiting, write, call, end } = await host();
      write(Buffer.concat([bytes, Buffer.from('\n')]), bytes.length > 100_000 ? 65_536 : size + 1);
      try {
        expect(await call()).toEqual({ data: ['alive'] });
        outcomes.alive += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(CodexError);
        expect((error as Error).message.length).toBeLessThan(17_000);
        outcomes.failed += 1;
      }
      await end();
      for (const settled of await Promise.allSettled(waiting)) {
        if (settled.status === 'rejected') expect(settled.reason).toBeInstanceOf(CodexError);
      }
      // Rejections that nobody handles are told once the microtasks are done.
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled.splice(0)).toEqual([]);
      expect(({} as Record<string, unknown>).turn).toBeUndefined();
    }),
    { numRuns },
  );
  // A fuzzer that never gets past the parser, or always does, tries nothing.
  expect(Math.min(outcomes.alive, outcomes.failed)).toBeGreaterThan(numRuns / 10);
}, 120_000);

test(`${numRuns} hostile lines of exec are events, or are refused by an EventParseError`, () => {
  fc.assert(
    fc.property(line, fc.nat(100_000), (bytes, size) => {
      const decoder = new LineDecoder();
      const step = bytes.length > 100_000 ? 65_536 : size + 1;
      const all = Buffer.concat([bytes, Buffer.from('\n')]);
      try {
        for (let from = 0; from < all.length; from += step) {
          for (const { text } of decoder.push(all.subarray(from, from + step))) {
            expect(typeof parseEvent(text.replace('"method"', '"type"')).type).toBe('string');
          }
        }
      } catch (error) {
        if (!(error instanceof EventParseError)) expect(error).toMatchObject({ name: 'CodexError', kind: 'protocol' });
        expect((error as Error).message.length).toBeLessThan(2200);
      }
    }),
    { numRuns },
  );
});
