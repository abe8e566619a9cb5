import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CodexError } from '../errors/codex-error.ts';
import { TransportClosedError } from '../errors/connection-errors.ts';
import { EventParseError } from '../exec/exec-errors.ts';
import { parseEvent } from '../exec/parse-event.ts';
import { until } from '../test-fixtures/connected-client.ts';
import { hostileLine } from '../test-fixtures/hostile-lines.ts';
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

/** A client of an engine that writes bytes, with all that may wait for them: a request, a turn, a login, notifications. */
async function host() {
  const { transport, peer } = memoryTransport();
  const decoder = new LineDecoder();
  let events: TransportEvents | undefined;
  const onServerRequest = ({ method: name }: { method: string }) =>
    name === 'of/no/engine' ? ({ handled: true } as never) : undefined;
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
    fc.asyncProperty(hostileLine, fc.nat(100_000), async (bytes, size) => {
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
    fc.property(hostileLine, fc.nat(100_000), (bytes, size) => {
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
