import { expect, test } from 'vitest';
import { runArgs } from './arguments.ts';
import { optionsOf } from './watch.ts';

const options = Object.entries(runArgs).filter(([name]) => name !== 'watch');

test.each(options)('a watched run is given --%s', (name, { type }) => {
  const value = type === 'boolean' ? true : 'x';
  expect(optionsOf({ [name]: value, watch: true })).toEqual(value === true ? [`--${name}`] : [`--${name}`, 'x']);
});
