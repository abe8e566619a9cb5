import { expect, test } from 'vitest';
import { runAll } from './run-all.ts';

/** Items that run until they are ended by name. */
function held() {
  const ends = new Map<string, (error?: Error) => void>();
  const started: string[] = [];
  const news: (() => void)[] = [];
  const work = (item: string) => {
    started.push(item);
    for (const told of news.splice(0)) told();
    return new Promise<void>((resolve, reject) => ends.set(item, (error) => (error ? reject(error) : resolve())));
  };
  const until = async (...names: string[]) => {
    while (names.some((name) => !started.includes(name))) await new Promise<void>((resolve) => news.push(resolve));
  };
  return { work, started, until, end: (item: string, error?: Error) => ends.get(item)?.(error) };
}

test('as many at once as there are jobs, in order', async () => {
  const { work, started, until, end } = held();
  const running = runAll(['a', 'b', 'c', 'd'], 2, work);
  expect(started).toEqual(['a', 'b']);
  end('b');
  await until('c');
  end('a');
  await until('d');
  for (const last of ['c', 'd']) end(last);
  await running;
  expect(started).toEqual(['a', 'b', 'c', 'd']);
});

test('an item that waits gives its place to another, as long as the machine may, and at most as many as there are jobs', async () => {
  const { work, started, until, end } = held();
  let may = true;
  const lending = { afterMs: 0, mayLend: () => may };
  const running = runAll(['a', 'b', 'c', 'd', 'e', 'f'], 2, work, undefined, lending);
  // Two wait, and two have their places.
  await until('d');
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  may = false;
  end('d');
  await until('e');
  end('e');
  await until('f');
  for (const last of ['a', 'b', 'c', 'f']) end(last);
  await running;
});

test('what fails while it waits is not lost', async () => {
  const { work, until, end } = held();
  const running = runAll(['a', 'b'], 1, work, undefined, { afterMs: 0, mayLend: () => true });
  await until('b');
  end('a', new Error('broke'));
  end('b');
  await expect(running).rejects.toThrow('broke');
});

test('nothing begins once the signal has come', async () => {
  const { work, started, end } = held();
  const stop = new AbortController();
  const running = runAll(['a', 'b'], 1, work, stop.signal);
  stop.abort();
  end('a');
  await running;
  expect(started).toEqual(['a']);
});

test('what waits is waited for', async () => {
  const { work, until, end } = held();
  let over = false;
  const running = runAll(['a', 'b'], 1, work, undefined, { afterMs: 0, mayLend: () => true }).then(() => {
    over = true;
  });
  await until('b');
  end('b');
  for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate);
  expect(over).toBe(false);
  end('a');
  await running;
});

test('one that has waited and ended leaves its place among those that wait', async () => {
  const { work, until, end } = held();
  const running = runAll(['a', 'b', 'c', 'd'], 1, work, undefined, { afterMs: 0, mayLend: () => true });
  await until('b');
  // While one waits, the next keeps its place; once it has ended, another may wait.
  end('a');
  end('b');
  await until('c');
  await until('d');
  end('c');
  end('d');
  await running;
});
