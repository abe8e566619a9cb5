import { expect, test } from 'vitest';
import { ignoredChannels } from './ignored-channels.ts';

test('the fake asks no model; files are compared where nobody but the client can have written them', () => {
  expect([...ignoredChannels('real', false)]).toEqual([]);
  expect([...ignoredChannels('fake', false)]).toEqual(['model.request', 'file']);
  expect([...ignoredChannels('fake', true)]).toEqual(['model.request']);
});
