import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { SseWriter } from './sse.ts';

/** A response whose reader takes nothing until it drains. */
class SlowResponse extends EventEmitter {
  headersSent = false;
  readonly written: string[] = [];
  socket: { destroySoon(): void } | null = null;
  writeHead(): void {
    this.headersSent = true;
  }
  write(text: string): boolean {
    this.written.push(text);
    return false;
  }
  flushHeaders(): void {}
}

const writer = (response: SlowResponse, signal: AbortSignal) =>
  new SseWriter(response as unknown as ServerResponse, signal);

test('a write to a reader that is full ends once it drains, and leaves nothing on the signal', async () => {
  const response = new SlowResponse();
  const left = new AbortController();
  const counted = new EventEmitter();
  const { addEventListener, removeEventListener } = left.signal;
  left.signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    counted.emit('added');
    addEventListener.apply(left.signal, given);
  };
  let listening = 0;
  counted.on('added', () => {
    listening += 1;
  });
  left.signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    listening -= 1;
    removeEventListener.apply(left.signal, given);
  };
  const writing = writer(response, left.signal).write('a');
  expect(listening).toBe(1);
  response.emit('drain');
  await writing;
  expect(listening).toBe(0);
});

test('a reader that leaves while it is full ends the write with the reason', async () => {
  const left = new AbortController();
  const writing = writer(new SlowResponse(), left.signal).write('a');
  left.abort(new Error('gone'));
  await expect(writing).rejects.toThrow('gone');
  await expect(writer(new SlowResponse(), left.signal).write('b')).rejects.toThrow('gone');
});

test('a cut before anything was written sends the head first; without a connection there is nothing to cut', () => {
  const response = new SlowResponse();
  const told: string[] = [];
  writer(response, new AbortController().signal).cut();
  expect(response.headersSent).toBe(false);
  response.socket = { destroySoon: () => void told.push(`destroyed, head ${response.headersSent}`) };
  writer(response, new AbortController().signal).cut();
  expect(told).toEqual(['destroyed, head true']);
});
