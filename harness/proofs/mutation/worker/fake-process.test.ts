import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { pipe } from './fake-process.ts';

test('what was written is read, and then the end', async () => {
  const { input, output } = pipe();
  input.write('a');
  input.end('b');
  expect(await text(output)).toBe('ab');
});

test('a writer waits where the reader is slow, and goes on when it reads', async () => {
  const { input, output } = pipe();
  let through = false;
  input.write(Buffer.alloc(100_000), () => {
    through = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(through).toBe(false);
  input.end();
  expect((await text(output)).length).toBe(100_000);
  expect(through).toBe(true);
});

test('a reader that has gone breaks the pipe', async () => {
  const { input, breakOff } = pipe();
  breakOff();
  input.write('a');
  expect((await once(input, 'error'))[0]).toMatchObject({ code: 'EPIPE' });
});
