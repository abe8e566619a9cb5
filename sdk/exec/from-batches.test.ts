import { expect, test } from 'vitest';
import { type Batch, batchOf, fromBatches } from './from-batches.ts';

const value = (id: number) => ({ id });

/** Batches of these sizes; `ended` says how the generator was left. */
function batches(sizes: readonly number[], read = value) {
  const seen = { ended: 'not yet' };
  let next = 0;
  async function* make(): AsyncGenerator<Batch<{ id: number }>, void, void> {
    try {
      for (const size of sizes) {
        await null;
        yield batchOf(
          Array.from({ length: size }, () => next++),
          read,
        );
      }
      seen.ended = 'read';
    } catch (error) {
      seen.ended = (error as Error).message;
      throw error;
    } finally {
      await null;
      seen.ended += ', cleaned up';
    }
  }
  return { values: fromBatches(make()), seen };
}

test.each([[[]], [[0]], [[1]], [[3, 0, 0, 2]], [[0, 4]]])(
  'batches of %j are read one value after the other',
  async (sizes) => {
    const { values, seen } = batches(sizes);
    const ids: number[] = [];
    for await (const { id } of values) ids.push(id);
    expect(ids).toEqual(ids.map((_, at) => at));
    expect([ids.length, seen.ended]).toEqual([sizes.reduce((sum, size) => sum + size, 0), 'read, cleaned up']);
    expect(await values.next()).toEqual({ done: true, value: undefined });
  },
);

test('calls that do not wait for each other get the values in their order, and then the end', async () => {
  const { values } = batches([2, 1, 0, 3]);
  const results = await Promise.all(Array.from({ length: 8 }, () => values.next()));
  expect(results.map(({ value }) => value?.id)).toEqual([0, 1, 2, 3, 4, 5, undefined, undefined]);
});

test('a call that comes while another one waits gets the later value', async () => {
  const { values } = batches([3, 3]);
  const [first, second] = [values.next(), values.next()];
  await first;
  const third = values.next();
  const ids = (await Promise.all([first, second, third])).map(({ value }) => value?.id);
  expect(ids).toEqual([0, 1, 2]);
});

test('after what the first value of a batch throws, the rest of the batch is not shown', async () => {
  const { values } = batches([3], (id) => {
    if (id === 0) throw new Error('broken');
    return value(id);
  });
  await expect(values.next()).rejects.toThrow('broken');
  expect(await values.next()).toEqual({ done: true, value: undefined });
});

test('what a batch throws ends the stream, after the generator has cleaned up', async () => {
  const { values, seen } = batches([3, 1], (id) => {
    if (id === 1) throw new Error('broken');
    return value(id);
  });
  await values.next();
  await expect(values.next()).rejects.toThrow('broken');
  expect(seen.ended).toBe('broken, cleaned up');
  expect(await values.next()).toEqual({ done: true, value: undefined });
});

test('leaving drops what calls before it have fetched and not taken', async () => {
  const { values, seen } = batches([2, 2, 2]);
  const taken = await Promise.all([values.next(), values.next(), values.next()]);
  expect(taken.map(({ value }) => value?.id)).toEqual([0, 1, 2]);
  await values.return();
  expect(await values.next()).toEqual({ done: true, value: undefined });
  expect(seen.ended).toBe('not yet, cleaned up');
});

test('leaving in the middle of a batch cleans up and drops the rest', async () => {
  const { values, seen } = batches([5, 5]);
  for await (const _ of values) break;
  expect(seen.ended).toBe('not yet, cleaned up');
  expect(await values.next()).toEqual({ done: true, value: undefined });
});

test('an error that is thrown into it reaches the generator', async () => {
  const { values, seen } = batches([5]);
  await values.next();
  await expect(values.throw(new Error('from outside'))).rejects.toThrow('from outside');
  expect(seen.ended).toBe('from outside, cleaned up');
});
