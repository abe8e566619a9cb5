import { expect, test } from 'vitest';
import { Codex } from './codex.ts';
import { Thread } from './thread.ts';

test('threads are resumed, forked and archived by the client alone, which makes none from a bare id', () => {
  const own = ['resume', 'fork', 'archive', 'unarchive'];
  expect(Object.getOwnPropertyNames(Thread.prototype).filter((name) => own.includes(name))).toEqual([]);
  expect('thread' in Codex.prototype).toBe(false);
});
