import { expect, test } from 'vitest';
import { findRenames } from './find-renames.ts';

test.each<[string, Record<string, string>, Record<string, string>, Record<string, string>]>([
  ['most words', { 'thread/name/set': 'x' }, { 'thread/title/set': 'x' }, { 'thread/name/set': 'thread/title/set' }],
  ['another spelling', { 'read-only': '' }, { readOnly: '' }, { 'read-only': 'readOnly' }],
  ['another shape', { 'thread/name/set': 'x' }, { 'thread/title/set': 'y' }, {}],
  ['few words', { startedAt: 'time' }, { completedAt: 'time' }, {}],
  ['words that all types have', { CurrentTimeReadParams: 'x' }, { ThreadMemoryReadParams: 'x' }, {}],
  ['two that it could be', { 'thread/name/set': 'x' }, { 'thread/title/set': 'x', 'thread/label/set': 'x' }, {}],
  ['two that could be it', { 'thread/title/set': 'x', 'thread/label/set': 'x' }, { 'thread/name/set': 'x' }, {}],
  ['the nearer of two', { readOnly: '' }, { 'read-only': '', 'read-only-all': '' }, { readOnly: 'read-only' }],
  ['nothing', {}, { a: '' }, {}],
])('%s', (_, removed, added, renames) => {
  const map = (of: Record<string, string>) => new Map(Object.entries(of));
  expect(Object.fromEntries(findRenames(map(removed), map(added)))).toEqual(renames);
});
