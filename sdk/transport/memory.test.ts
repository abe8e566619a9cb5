import { expect, test } from 'vitest';
import { memoryTransport } from './memory.ts';

async function open() {
  const { transport, peer } = memoryTransport();
  const lines: string[] = [];
  const ends: Error[] = [];
  await transport.open({ onLine: ({ text }) => lines.push(text), onClosed: (error) => ends.push(error) });
  return { transport, peer, lines, ends };
}

test('lines go both ways in their order, whoever is first: the one that says or the one that waits', async () => {
  const { transport, peer, lines } = await open();
  const waiting = [peer.next(), peer.next()];
  for (const line of ['a', 'b', 'c', 'd']) transport.send(line);
  expect(await Promise.all([...waiting, peer.next(), peer.next()])).toEqual(['a', 'b', 'c', 'd']);
  peer.send('e');
  peer.send('f');
  expect(lines).toEqual(['e', 'f']);
});

test('what was sent and not taken yet is counted', async () => {
  const { transport, peer } = await open();
  expect(transport.unsent).toBe(0);
  transport.send('four');
  transport.send('five5');
  expect(transport.unsent).toBe(9);
  await peer.next();
  expect(transport.unsent).toBe(5);
});

test.each(['the client', 'the engine'])(
  'once %s has ended it, nothing goes either way, and the end is told once',
  async (who) => {
    const { transport, peer, lines, ends } = await open();
    const cause = new Error('over');
    if (who === 'the client') await transport.close();
    else peer.end(cause);
    expect(peer.closed).toBe(true);
    transport.send('late');
    peer.send('late');
    await transport.close();
    peer.end(new Error('again'));
    expect([peer.received, lines]).toEqual([[], []]);
    expect(ends).toEqual([who === 'the client' ? expect.objectContaining({ name: 'TransportClosedError' }) : cause]);
  },
);
