import { expect, test } from 'vitest';
import type { JsonObject } from '../../exact-json.ts';
import { runsOfGolden } from './replay-exec.ts';

const golden = (...lines: [ch: string, body: JsonObject, lane?: string][]) =>
  lines.map(([ch, body, lane = ''], index) => ({ number: index + 2, lane, ch, key: '', body }));
const said = (type: string, run: number, more: JsonObject = {}): [string, JsonObject] => [
  'wire.in',
  { msg: { type, ...more }, run },
];

test('each run has its own lines; a latch is for all that are under way, a model request for the run of its thread', () => {
  const runs = runsOfGolden(
    golden(
      ['argv', { argv: ['<engine>', 'exec'], run: 1 }],
      ['wire.out', { raw: 'one\n', run: 1 }],
      ['wire.out', { raw: 'more', run: 1 }],
      said('thread.started', 1, { thread_id: '<thread:1>' }),
      ['argv', { argv: ['<engine>', 'exec', 'resume', '<thread:2>'], run: 2 }],
      said('thread.started', 2, { thread_id: '<thread:2>' }),
      ['model.request', {}, 'model/<thread:1>'],
      ['mark', { mark: 'released both' }],
      ['exit', { code: 0, signal: null, run: 1 }],
      ['mark', { mark: 'killed SIGINT' }],
      ['exit', { code: 1, signal: null, run: 2 }],
    ),
  );
  expect(runs.map(({ argv }) => argv)).toEqual([
    ['<engine>', 'exec'],
    ['<engine>', 'exec', 'resume', '<thread:2>'],
  ]);
  expect(runs.map(({ cues }) => cues.map((cue) => cue.kind))).toEqual([
    ['heard', 'say', 'model', 'latch', 'exit'],
    ['say', 'latch', 'killed', 'exit'],
  ]);
});
