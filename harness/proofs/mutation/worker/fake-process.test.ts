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

test('what arrives later comes with the next turn of the event loop, in order, and before the end', async () => {
  const { input, output } = pipe({ later: true });
  const heard: string[] = [];
  output.on('data', (chunk) => void heard.push(String(chunk)));
  input.write('a');
  input.end('b');
  await Promise.resolve();
  await new Promise((resolve) => process.nextTick(resolve));
  expect(heard).toEqual([]);
  await once(output, 'end');
  expect(heard).toEqual(['a', 'b']);
});

test('what was still on its way to a reader that has gone fails', async () => {
  const { input, breakOff } = pipe({ later: true });
  input.write('a');
  breakOff();
  expect((await once(input, 'error'))[0]).toMatchObject({ code: 'EPIPE' });
});
