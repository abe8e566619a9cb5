import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../protocol/index.ts';
import type { Notification } from '../rpc/notification.ts';
import { knownMethod, routeIds } from '../rpc/route-ids.ts';
import { until } from '../test-fixtures/connected-client.ts';
import type { WireMessage } from '../test-fixtures/memory-engine.ts';
import { recordedWire } from '../test-fixtures/recorded-wire.ts';
import { LineDecoder } from '../transport/line-codec.ts';
import type { Transport, TransportEvents } from '../transport/transport.ts';
import { Session } from './session.ts';
import { collectTurnResult } from './turn-result.ts';
import { turnStream } from './turn-stream.ts';

/** A turn as it was recorded: everything of it that was said, in order. */
interface RecordedTurn {
  threadId: string;
  turnId: string;
  events: Notification[];
}

const { turns, others } = sortedOut();

/** The recorded turns, and the notifications that belong to none. */
function sortedOut(): { turns: RecordedTurn[]; others: Notification[] } {
  const found = new Map<string, RecordedTurn>();
  const rest: Notification[] = [];
  for (const { method, params, id } of recordedWire().flatMap(({ messages }) => messages)) {
    if (method === undefined || id !== undefined) continue;
    const event = {
      method,
      payload: (params ?? {}) as JsonObject,
      known: knownMethod(method) !== undefined,
    } as Notification;
    const { turnId, threadId } = routeIds(method, params ?? {});
    if (turnId === undefined) {
      rest.push(event);
      continue;
    }
    const turn = found.get(turnId) ?? { turnId, threadId: threadId ?? '', events: [] };
    found.set(turnId, turn);
    // What a later turn says of this one, after its end, is nobody's any more.
    if (turn.events.at(-1)?.method !== 'turn/completed') turn.events.push(event);
  }
  return { turns: [...found.values()].filter(({ threadId }) => threadId !== ''), others: rest };
}

/** An engine whose bytes the test gives out in chunks. */
class ByteEngine {
  readonly sent: WireMessage[] = [];
  readonly #decoder = new LineDecoder();
  #events: TransportEvents | undefined;
  readonly transport: Transport = {
    open: async (events) => {
      this.#events = events;
    },
    send: (line) => void this.sent.push(JSON.parse(line) as WireMessage),
    close: async () => {},
    setKeepsAlive: () => {},
  };

  push(chunk: Uint8Array): void {
    for (const line of this.#decoder.push(chunk)) this.#events?.onLine(line);
  }

  end(cause: Error): void {
    this.#events?.onClosed(cause);
  }
}

const toBytes = (messages: readonly object[]) =>
  Buffer.from(messages.map((one) => `${JSON.stringify(one)}\n`).join(''));

/** What a consumer has had: the events, and how they ended. */
async function consume(events: AsyncIterable<Notification>): Promise<{ seen: Notification[]; end: string }> {
  const seen: Notification[] = [];
  try {
    for await (const event of events) seen.push(event);
    return { seen, end: 'completed' };
  } catch (error) {
    return { seen, end: (error as Error).message };
  }
}

/** Merges sequences, each in its own order; `choices` says whose turn it is. */
function merge<T>(sequences: readonly (readonly T[])[], choices: readonly number[]): T[] {
  const left = sequences.map((sequence) => [...sequence]).filter(({ length }) => length > 0);
  const merged: T[] = [];
  for (let step = 0; left.length > 0; step += 1) {
    const at = (choices[step % choices.length] ?? 0) % left.length;
    const next = left[at]?.shift();
    if (next !== undefined) merged.push(next);
    if (left[at]?.length === 0) left.splice(at, 1);
  }
  return merged;
}

const wire = ({ method, payload }: Notification): object => ({ method, params: payload });

const order = fc.record({
  /** Turns of different threads: of one thread the second is not started before the first start is answered. */
  picks: fc.uniqueArray(fc.nat(turns.length - 1), {
    minLength: 1,
    maxLength: 4,
    selector: (pick) => turns[pick]?.threadId,
  }),
  /** Where in each turn's events the answer to its start comes. */
  answers: fc.array(fc.nat(60), { minLength: 4, maxLength: 4 }),
  choices: fc.array(fc.nat(5), { minLength: 1, maxLength: 40 }),
  cuts: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 5, maxLength: 30 }),
  pauses: fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
});

test('whatever the order between turns and wherever the bytes are cut, each consumer gets its own events', async () => {
  expect(turns.length).toBeGreaterThan(15);
  await fc.assert(
    fc.asyncProperty(order, async ({ picks, answers, choices, cuts, pauses }) => {
      const chosen = picks.map((pick) => turns[pick] as RecordedTurn);
      const engine = new ByteEngine();
      const session = new Session({ transport: () => engine.transport });
      const greeting = session.initialize();
      await until(() => engine.sent.length === 1);
      engine.push(toBytes([{ id: engine.sent[0]?.id, result: { userAgent: 'engine/1.0' } }]));
      await greeting;

      const consumers = chosen.flatMap(({ threadId, turnId }) => [
        session.startTurn(threadId, {}, {}).then(({ subscription }) => consume(turnStream(subscription))),
        consume(turnStream(session.turns.attach(turnId, threadId))),
      ]);
      const account = session.request('account/read', {});
      await until(() => engine.sent.length === 3 + chosen.length);
      const starts = engine.sent.slice(-chosen.length - 1).filter(({ method }) => method === 'turn/start');
      const sequences = chosen.map(({ turnId, events }, index) => {
        const said = events.map(wire);
        said.splice((answers[index] ?? 0) % (said.length + 1), 0, {
          id: starts[index]?.id,
          result: { turn: { id: turnId } },
        });
        return said;
      });
      const asked = engine.sent.find(({ method }) => method === 'account/read');
      const free = others.slice(0, 20);
      const bytes = toBytes(
        merge([...sequences, free.map(wire), [{ id: asked?.id, result: { account: null } }]], choices),
      );
      for (let at = 0, step = 0; at < bytes.length; step += 1) {
        const size = cuts[step % cuts.length] ?? 1;
        engine.push(bytes.subarray(at, at + size));
        at += size;
        if (pauses[step % pauses.length]) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await account).toEqual({ account: null });
      engine.end(new Error('gone'));

      const ends = await Promise.all(consumers);
      for (const [index, { events }] of chosen.entries()) {
        const end = events.at(-1)?.method === 'turn/completed' ? 'completed' : 'gone';
        for (const consumer of ends.slice(2 * index, 2 * index + 2)) expect(consumer).toEqual({ seen: events, end });
      }
      for (const one of free) expect(await session.feed.next()).toEqual(one);
      expect(session.turns.retained).toEqual({ turns: 0, events: 0 });
    }),
    { numRuns: 60 },
  );
});

test('the result of a recorded turn is the same however its events are mixed with those of another', async () => {
  const ended = turns.filter(({ events }) => events.at(-1)?.method === 'turn/completed');
  const resultOf = async (events: readonly Notification[], turnId: string) =>
    await collectTurnResult(
      (async function* () {
        yield* events;
      })(),
      turnId,
    ).catch((error: Error & { result?: unknown }) => [error.message, error.result]);
  const index = fc.nat(ended.length - 1);
  await fc.assert(
    fc.asyncProperty(index, index, fc.array(fc.nat(1), { minLength: 1 }), async (one, two, choices) => {
      const [turn, other] = [ended[one] as RecordedTurn, ended[two] as RecordedTurn];
      if (turn === other) return;
      const noise = other.events.filter(({ method }) => method !== 'turn/completed');
      const mixed = [...merge([turn.events.slice(0, -1), noise], choices), ...turn.events.slice(-1)];
      expect(await resultOf(mixed, turn.turnId)).toEqual(await resultOf(turn.events, turn.turnId));
    }),
    { numRuns: 60 },
  );
});
