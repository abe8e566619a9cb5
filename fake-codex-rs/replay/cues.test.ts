import { expect, test } from 'vitest';
import type { JsonObject } from '../exact-json.ts';
import { cuesOfStarts } from './cues.ts';

const golden = (...lines: [ch: string, body: JsonObject][]) =>
  lines.map(([ch, body], index) => ({ number: index + 2, lane: '-', key: 'x', ch, body }));
const short = (starts: ReturnType<typeof cuesOfStarts>) =>
  starts.map((cues) => cues.map(({ kind, number }) => `${kind} ${number}`));

test('each app-server start has its own cues; a start for --version has none', () => {
  const starts = cuesOfStarts(
    golden(
      ['argv', { argv: ['codex', '--version'] }],
      ['wire.in', { raw: 'codex-cli 1' }],
      ['exit', { code: 0, signal: null }],
      ['argv', { argv: ['codex', 'app-server'] }],
      ['wire.out', { msg: {} }],
      ['model.request', {}],
      ['mark', { mark: 'killed SIGKILL' }],
      ['argv', { argv: ['codex', 'app-server'] }],
      // The first one's end was seen late.
      ['exit', { code: null, signal: 'SIGKILL' }],
      ['model.request', {}],
      ['event', {}],
      ['mark', { mark: 'released a b' }],
      ['exit', { code: '<closed>', signal: null }],
    ),
  );
  expect(short(starts)).toEqual([
    ['hear 6', 'model 7', 'killed 8', 'exit 10'],
    ['model 11', 'latch 13', 'exit 14'],
  ]);
  expect(starts[1]).toMatchObject([{ n: 2 }, { name: 'a b' }, { code: '<closed>' }]);
});

test('a golden of nothing but wire lines is one start', () => {
  expect(short(cuesOfStarts(golden(['wire.in', { raw: 'noise' }], ['wire.out', { msg: 1 }])))).toEqual([
    ['say 2', 'hear 3'],
  ]);
});
