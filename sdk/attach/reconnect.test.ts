import { once } from 'node:events';
import { expect, test } from 'vitest';
import { TransportClosedError } from '../errors/connection-errors.ts';
import type { Transport } from '../transport/transport.ts';
import { ConnectError } from './connect-errors.ts';
import { ReconnectingTransport, report } from './reconnect.ts';

const events = { onLine: () => {}, onClosed: () => {} };

/** Transports that open as these say, one after the other. */
function transports(...openings: (() => Promise<void>)[]) {
  const made: string[] = [];
  const factory = (): Transport => ({
    open: openings[made.push('made') - 1] ?? (async () => {}),
    send: (line) => void made.push(line),
    unsent: 7,
    longestLine: 8,
    setKeepsAlive: (keeps) => void made.push(`keeps ${keeps}`),
    close: async () => void made.push('closed'),
  });
  return { factory, made };
}

const failing = (error: Error) => () => Promise.reject(error);
const busy = new ConnectError('busy', { passing: true });

test.each([
  [1, 'tried once in vain. busy'],
  [2, 'tried 2 times in vain. busy'],
])('after %d attempts in vain the error has the last one as its cause, and may pass', async (attempts, message) => {
  const { factory, made } = transports(failing(busy), failing(busy), failing(busy));
  const transport = new ReconnectingTransport(factory, { attempts, backoffMs: 0 }, 0);
  const error = await transport.open(events).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: expect.stringContaining(message), cause: busy, retryable: true });
  expect([made.length, transport.attempts]).toEqual([attempts, attempts]);
});

test('attempts of before count, and what no attempt can help ends them', async () => {
  const before = transports(failing(busy));
  await expect(
    new ReconnectingTransport(before.factory, { attempts: 3, backoffMs: 0 }, 2).open(events),
  ).rejects.toThrow('tried 3 times');
  for (const error of [new Error('not ours'), new ConnectError('no', { passing: false })]) {
    const { factory, made } = transports(failing(error));
    await expect(new ReconnectingTransport(factory, { backoffMs: 0 }, 0).open(events)).rejects.toBe(error);
    expect(made).toHaveLength(1);
  }
});

test('close() ends an attempt with its own error, and none follows', async () => {
  let fail: (error: Error) => void = () => {};
  let begun: () => void = () => {};
  const opening = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { factory, made } = transports(() => {
    begun();
    return new Promise((_, reject) => {
      fail = reject;
    });
  });
  const transport = new ReconnectingTransport(factory, { backoffMs: 0 }, 0);
  const outcome = transport.open(events).catch((reason: unknown) => reason);
  await opening;
  await transport.close();
  fail(busy);
  expect(await outcome).toBe(busy);
  expect(made).toEqual(['made', 'closed']);
});

test.each(['before the wait', 'in the wait'])('close() %s ends it, and nothing is made', async (when) => {
  const { factory, made } = transports();
  const transport = new ReconnectingTransport(factory, { backoffMs: 2 ** 30, maxBackoffMs: 2 ** 30 }, 0);
  if (when === 'before the wait') await transport.close();
  const outcome = transport.open(events).catch((reason: unknown) => reason);
  if (when === 'in the wait') await transport.close();
  expect(await outcome).toBeInstanceOf(TransportClosedError);
  expect(made).toEqual([]);
});

test('once it is open, everything goes to the transport that was made last', async () => {
  const { factory, made } = transports(failing(busy));
  const transport = new ReconnectingTransport(factory, { backoffMs: 0 }, 0);
  expect([transport.unsent, transport.longestLine]).toEqual([0, undefined]);
  await transport.open(events);
  expect([transport.unsent, transport.longestLine]).toEqual([7, 8]);
  transport.send('a line');
  transport.setKeepsAlive(false);
  await transport.close();
  expect(made).toEqual(['made', 'made', 'a line', 'keeps false', 'closed']);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('mine');
    },
  ],
  ['rejects', () => Promise.reject(new Error('mine'))],
])('onReconnect that %s is a warning', async (_how, onReconnect) => {
  const warned = once(process, 'warning');
  report({ onReconnect }, {} as never);
  expect(String((await warned)[0])).toContain('onReconnect has failed: Error: mine');
});
