import { asksForWork, verdictOf } from '../../../harness/bump/conclude.ts';
import type { BumpReport } from '../../../harness/bump/types.ts';
import { exitCodes } from '../../../harness/judging/exit-codes.ts';
import { runStages, type StageResult } from '../../../scripts/test/run-stages.ts';
import { countPlaywright, countsOf, countUnittest } from '../../../scripts/test/stages.ts';
import { countVitest } from '../../../scripts/test/vitest-stage.ts';
import { codeOf } from '../../bump.ts';
import { compareCalls } from '../../calls/compare-calls.ts';
import { countsOf as countsOfPart } from '../../check.ts';
import { ifNewer, isDue, namesVersions } from '../../upstream.ts';
import { refused } from './sides.ts';

const staged = async (result: Partial<StageResult>, lacking = new Map<never, string>()) => {
  const run = async () => ({ passed: 0, failed: 0, details: '', ...result });
  const [outcome] = await runStages([{ name: 'one', needs: ['python'], run }], {
    ...{
      root: '/r',
      outFolder: '/r/out',
      signal: new AbortController().signal,
      note: () => {},
      lacking,
      atOnce: 1,
      coverage: false,
    },
  });
  return [outcome?.passed, outcome?.failed];
};
const vitest = (over: object, code = 0) => {
  const report = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  return countVitest({ ...report, ...over }, code).failed;
};
const file = (status: string) => ({ testResults: [{ name: 'x', status: 'failed', assertionResults: [{ status }] }] });
const browser = (code: number) =>
  countPlaywright({ stats: { expected: 1, unexpected: 0, flaky: 0, skipped: 0 }, errors: [] }, code).failed;
const calls = (line: string, differences: object[] = [], call = 'a') =>
  compareCalls([{ call, line }], { lines: [{ call: 'a', line: 'x' }], differences: differences as never }, '1.0.0')
    .length;
const otherwise = (what: string) => [{ call: 'a', what, versions: ['1.0.0'] }];
const step = (over: object = {}) =>
  verdictOf({ changes: [], edits: [], unchecked: [], approvals: { applied: [], unmatched: [] }, ...over });
const asks = (over: object = {}) => asksForWork({ class: 'additive', blame: 'engine', ...over } as never);
const bumped = (over: object) =>
  codeOf({ verdict: 'safe' as BumpReport['verdict'], notApplied: false, interrupted: false, ...over });
const day = 24 * 60 * 60 * 1000;
const part = (code: number) => countsOfPart({ code, last: '1 passed, 0 failed' }).failed;
const ends = (of: (found: { failed: number }) => number) =>
  ({ yes: [() => of({ failed: 1 }), 1], no: [() => of({ failed: 0 }), 0] }) as const;

export const testCases = {
  'stage-lacks': {
    yes: [() => staged({ passed: 1 }, new Map([['python' as never, 'none']])), [0, 1]],
    no: [() => staged({ passed: 1 }), [1, 0]],
  },
  'stage-ran-nothing': { yes: [() => staged({}), [0, 1]], no: [() => staged({ passed: 1 }), [1, 0]] },
  'vitest-told-nothing': {
    yes: [() => countVitest(undefined, 0).failed, 1],
    no: [() => vitest({}), 0],
  },
  'file-not-loaded': {
    yes: [() => vitest(file('passed')), 1],
    no: [() => vitest({ ...file('failed'), numFailedTests: 1 }, 1), 1],
  },
  'vitest-fails-silently': { yes: [() => vitest({}, 1), 1], no: [() => vitest({}), 0] },
  'counts-missing': {
    yes: [() => countsOf('all is well', 0), { passed: 0, failed: 1 }],
    no: [() => countsOf('2 passed, 0 failed', 0), { passed: 2, failed: 0 }],
  },
  'counts-hide-failure': {
    yes: [() => countsOf('2 passed, 0 failed', 1).failed, 1],
    no: [() => countsOf('2 passed, 0 failed', 0).failed, 0],
  },
  'unittest-fails-silently': {
    yes: [() => countUnittest('Ran 1 test in 1s\n\nOK', 1).failed, 1],
    no: [() => countUnittest('Ran 1 test in 1s\n\nOK', 0).failed, 0],
  },
  'browser-told-nothing': { yes: [() => countPlaywright(undefined, 0).failed, 1], no: [() => browser(0), 0] },
  'browser-fails-silently': { yes: [() => browser(1), 1], no: [() => browser(0), 0] },
  'part-counted': { yes: [() => part(0), 0], no: [() => part(1), 1] },
  'part-ran-nothing': {
    yes: [() => countsOfPart({ code: 0, last: '0 passed, 0 failed' }).failed, 1],
    no: [() => part(0), 0],
  },
  'call-unexpected': { yes: [() => calls('y'), 1], no: [() => calls('x'), 0] },
  'call-difference-outlived': {
    yes: [() => calls('x', otherwise('x')), 1],
    no: [() => calls('y', otherwise('y')), 0],
  },
  // The expected call is missing too.
  'call-unknown': { yes: [() => calls('y', [], 'b'), 2], no: [() => calls('x'), 0] },
  'step-unchecked': { yes: [() => step({ unchecked: ['x'] }), 'could-not-check'], no: [() => step(), 'safe'] },
  'step-asks-for-work': { yes: [() => step({ edits: [{}] }), 'needs-work'], no: [() => step(), 'safe'] },
  'change-approved': {
    yes: [() => asks({ class: 'breaking', approved: 'r' }), false],
    no: [() => asks({ class: 'breaking' }), true],
  },
  'change-not-additive': { yes: [() => asks({ class: 'behaviour' }), true], no: [() => asks(), false] },
  'change-is-ours': { yes: [() => asks({ blame: 'ours' }), true], no: [() => asks(), false] },
  'bump-not-applied': {
    yes: [() => bumped({ notApplied: true }), 1],
    no: [() => bumped({}), 0],
  },
  'bump-interrupted': { yes: [() => bumped({ interrupted: true }), 130], no: [() => bumped({}), 0] },
  'release-is-newer': { yes: [() => ifNewer('1.1.0', '1.0.0'), '1.1.0'], no: [() => ifNewer('1.0.0', '1.0.0'), ''] },
  'report-names-versions': {
    yes: [() => namesVersions(['1.0.0']), undefined],
    no: [() => namesVersions(['../x']), refused('got "../x"')],
  },
  'waits-unsaid': {
    yes: [() => isDue([0], 7 * day), true],
    no: [() => isDue([0, 1], 7 * day), false],
  },
  'tests-failed': ends(exitCodes.tests),
  'check-failed': ends(exitCodes.check),
} as const;
