import { expect, it } from 'vitest';
import { asNormalised, type NormalisedLine } from '../normalise/types.ts';
import { describeObservation } from './describe-observation.ts';
import type { Paint } from './paint.ts';

const plain = (text: string) => text;
const paint: Paint = { green: plain, yellow: plain, red: (text) => `!${text}`, dim: plain, bold: plain };
const lines: NormalisedLine[] = [
  {
    lane: 'l',
    ch: 'wire.out',
    key: 'turn/start',
    body: { msg: { id: '<request:1>', method: 'turn/start', params: { a: 1 } } },
  },
  { lane: 'l', ch: 'wire.in', key: 'raw', body: { raw: 'x'.repeat(40) } },
  { lane: 'l', ch: 'error', key: 't.run', body: { lane: 't', op: 't.run', error: { class: 'E' } } },
];
const header = { kind: 'golden', schemaVersion: 1, scenario: 's/s', client: 'python', engineVersion: '1' } as const;

it('says who speaks, what about, and the content in short', () => {
  expect(describeObservation(asNormalised({ header, lines, fired: {} }), paint, { width: 20 })).toEqual([
    '→ wire.out      turn/start  {"a":1}',
    `← wire.in       raw         {"raw":"xxxxxxxxxxx…`,
    '!  error         t.run       {"class":"E"}',
  ]);
});
