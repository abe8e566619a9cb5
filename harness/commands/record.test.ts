import { expect, test } from 'vitest';
import { concludeRecording } from './record.ts';

type Of = Parameters<typeof concludeRecording>[0][number]['outcome'];
const codes = (...outcomes: Of[]) =>
  [false, true].map((check) =>
    concludeRecording(
      outcomes.map((outcome) => ({ outcome })),
      { check, interrupted: false },
    ),
  );

test.each<[Of, number, number, string]>([
  ['new', 0, 1, '1 new, 0 changed, 1 unchanged, 0 refused, 0 failed'],
  ['changed', 0, 1, '0 new, 1 changed, 1 unchanged, 0 refused, 0 failed'],
  ['unchanged', 0, 0, '0 new, 0 changed, 2 unchanged, 0 refused, 0 failed'],
  ['refused', 1, 1, '0 new, 0 changed, 1 unchanged, 1 refused, 0 failed'],
  ['failed', 1, 1, '0 new, 0 changed, 1 unchanged, 0 refused, 1 failed'],
  ['not-applicable', 0, 0, '0 new, 0 changed, 1 unchanged, 0 refused, 0 failed'],
])(
  'one that is %s beside one that is unchanged: the exit code, with --check too, and the counts',
  (outcome, code, checked, told) => {
    expect(codes(outcome, 'unchanged')).toEqual([
      { told, code },
      { told, code: checked },
    ]);
  },
);

test('an interrupted recording is no success, whatever was recorded', () => {
  expect(concludeRecording([{ outcome: 'unchanged' }], { check: false, interrupted: true }).code).toBe(1);
});
