import { expect, test } from 'vitest';
import { byteStream } from './byte-stream.ts';

test('a value is asked for when the consumer wants one, and not before', async () => {
  let asked = 0;
  async function* values() {
    for (;;) {
      asked += 1;
      yield String(asked);
    }
  }
  const reader = byteStream(values(), test).getReader();
  for (const number of [1, 2, 3]) {
    // Whatever the stream does by itself, it has done by then.
    await new Promise(setImmediate);
    expect(asked).toBe(number - 1);
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(String(number));
  }
  await reader.cancel();
  expect(asked).toBe(3);
});
