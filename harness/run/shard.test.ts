import { expect, it } from 'vitest';
import { parseShard, scenariosOf } from './shard.ts';

const ids = ['a/1', 'a/2', 'a/3', 'b', 'c/1', 'c/2', 'd'];
const scenarios = [...ids].reverse().map((id) => ({ id }));
const shardOf = (index: number, count: number) => scenariosOf(scenarios, { index, count }).map(({ id }) => id);

it('gives each scenario to one shard, neighbours to different ones, the same in any order given', () => {
  const shards = [1, 2, 3].map((index) => shardOf(index, 3));
  expect(shards).toEqual([
    ['a/1', 'b', 'd'],
    ['a/2', 'c/1'],
    ['a/3', 'c/2'],
  ]);
  expect(shardOf(9, 9)).toEqual([]);
});

it.each(['0/4', '5/4', '4', '1/0', '1/4/4', '-1/4', '1.5/4'])('refuses %s as a shard', (text) => {
  expect(() => parseShard(text)).toThrow('as 2/4');
});

it('reads 4/4', () => expect(parseShard('4/4')).toEqual({ index: 4, count: 4 }));
