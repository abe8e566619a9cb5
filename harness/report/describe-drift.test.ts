import { expect, it } from 'vitest';
import { countVerdicts } from '../summary/verdict-counts.ts';
import { describeDrift } from './describe-drift.ts';

const plain = (text: string) => text;
const paint = { green: plain, yellow: plain, red: plain, dim: plain, bold: plain };
const figures = { sha256: 'a', verdicts: countVerdicts([]), ours: {} };
const change = (path: string, scenarios: number) => ({
  kind: 'extra' as const,
  path,
  scenarios,
  example: 's/a',
  client: 'python' as const,
});

it('says what touches most scenarios first and once, and cuts the rest', () => {
  const changes = [
    change('event:everywhere', 9),
    ...Array.from({ length: 25 }, (_, at) => change(`event:rare${at}`, 1)),
  ];
  const lines = describeDrift([{ version: '2.0.0', ...figures, drift: { compared: 10, drifted: 9, changes } }], paint);
  expect(lines.slice(0, 3)).toEqual([
    'engine drift  2.0.0: 9 of 10 references differ from their goldens, by 26 changes',
    expect.stringMatching(/^ {2}event:everywhere .*, in 9 of 10 scenarios, such as s\/a$/),
    expect.stringMatching(/^ {2}event:rare0 .*, in s\/a$/),
  ]);
  expect(lines.at(-1)).toBe('  and 5 more, all in summary.json');
});

it('says what was and what is', () => {
  const changes = [{ ...change('event:**/at', 1), kind: 'changed' as const, before: 'nothing', after: 'a number' }];
  const [, line] = describeDrift(
    [{ version: '2.0.0', ...figures, drift: { compared: 1, drifted: 1, changes } }],
    paint,
  );
  expect(line).toBe('  event:**/at nothing → a number, in s/a');
});

it('says nothing of the pin, and nothing where nothing drifts', () => {
  const still = { version: '2.0.0', ...figures, drift: { compared: 3, drifted: 0, changes: [] } };
  expect(describeDrift([{ version: '1.0.0', ...figures }, still], paint)).toEqual([]);
});
