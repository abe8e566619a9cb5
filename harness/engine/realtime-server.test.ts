import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { startLoopbackServer } from '../../sdk/host/loopback-server.ts';
import { createRealtimeServer, type RealtimeScript } from './realtime-server.ts';

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function conversation(script: RealtimeScript): Promise<Duplex> {
  const realtime = createRealtimeServer(script);
  const server = await startLoopbackServer((_request, response) => response.end(), realtime.upgrade);
  ends.push(() => {
    realtime.close();
    return server.close();
  });
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' };
  const asked = request(`${server.url}/v1/realtime`, { headers });
  asked.end();
  const [answer, socket] = (await once(asked, 'upgrade')) as [IncomingMessage, Duplex];
  // The example of RFC 6455, 1.3.
  expect(answer.headers['sec-websocket-accept']).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  return socket;
}

/** A client's frame: masked, with its length in the form that the size asks for. */
function frame(kind: number, text: string): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const payload = Buffer.from(text).map((byte, index) => byte ^ mask.readUInt8(index % 4));
  const long = payload.length > 0xffff;
  const head = Buffer.alloc(payload.length < 126 ? 2 : long ? 10 : 4);
  head.writeUInt8(0x80 | kind, 0);
  head.writeUInt8(0x80 | (payload.length < 126 ? payload.length : long ? 127 : 126), 1);
  if (long) head.writeBigUInt64BE(BigInt(payload.length), 2);
  else if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, mask, payload]);
}

async function heard(socket: Duplex, bytes: number): Promise<Buffer> {
  let all = Buffer.alloc(0);
  while (all.length < bytes) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    all = Buffer.concat([all, chunk]);
  }
  return all;
}

it('says the events of the script to each event of the engine, whatever its length and however it is cut', async () => {
  const socket = await conversation({ 'session.update': [{ type: 'a' }, { type: 'b', text: 'x'.repeat(200) }] });
  for (const filling of ['', 'y'.repeat(300), 'z'.repeat(70_000)]) {
    const sent = frame(1, JSON.stringify({ type: 'session.update', filling }));
    socket.write(sent.subarray(0, 3));
    socket.write(sent.subarray(3));
    const first = JSON.stringify({ type: 'a' });
    const second = JSON.stringify({ type: 'b', text: 'x'.repeat(200) });
    const said = await heard(socket, 2 + first.length + 4 + second.length);
    expect(said.subarray(0, 2)).toEqual(Buffer.from([0x81, first.length]));
    expect(said.subarray(2, 2 + first.length).toString()).toBe(first);
    expect(said.subarray(2 + first.length + 4).toString()).toBe(second);
  }
});

it('answers a ping and a close, says nothing to an event that the script does not have, and ends with the cell', async () => {
  const socket = await conversation({});
  socket.write(Buffer.concat([frame(1, '{"type":"other"}'), frame(9, 'hi')]));
  expect(await heard(socket, 4)).toEqual(Buffer.from([0x8a, 2, ...Buffer.from('hi')]));
  const ended = once(socket, 'close');
  socket.write(frame(8, ''));
  expect(await heard(socket, 2)).toEqual(Buffer.from([0x88, 0]));
  await ended;
  const other = await conversation({});
  const closed = once(other, 'close');
  for (const end of ends.splice(0)) await end();
  await closed;
});
