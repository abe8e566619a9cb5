import { expect, test } from 'vitest';
import type { ObservationBody } from '../../observation/types.ts';
import { lateUnloads } from './late-unload.ts';

const status = (type: string, threadId = 'one') => ({ status: { type }, threadId });
const said = (params: ReturnType<typeof status>): ObservationBody => ({
  ch: 'wire.in',
  msg: { method: 'thread/status/changed', params },
});
const asked = (method: string): ObservationBody => ({
  ch: 'wire.out',
  msg: { id: 1, method, params: { threadId: 'one' } },
});
const unload = said(status('notLoaded'));
const ofAnother = said(status('notLoaded', 'two'));
const idle = said(status('idle'));
const [resume, archive] = [asked('thread/resume'), asked('thread/archive')];
const shown: ObservationBody = {
  ch: 'event',
  lane: 'e',
  method: 'thread/status/changed',
  payload: status('notLoaded'),
  known: true,
};

test('a second word is left out, on the wire and in a stream, before the thread is taken up again or after', () => {
  expect([...lateUnloads([unload, shown, resume, idle, unload, shown])]).toEqual([4, 5]);
  expect([...lateUnloads([archive, unload, unload, resume, idle])]).toEqual([2]);
});

test('one that is asked for again, of another thread, and a first one stand', () => {
  const again = [unload, resume, archive, unload];
  const another = [unload, resume, ofAnother];
  for (const lines of [again, another, [resume, idle, unload]]) expect([...lateUnloads(lines)]).toEqual([]);
});
