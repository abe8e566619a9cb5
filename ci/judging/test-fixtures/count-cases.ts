import { sampleCell } from '../../../harness/cell/test-fixtures/sample-cell.ts';
import { clientIds } from '../../../harness/clients/clients.ts';
import { exitCodes } from '../../../harness/judging/exit-codes.ts';
import { selfDifferences, sensitivityProblems } from '../../../harness/proofs/sensitivity/cached-figures.ts';
import { makeEntry } from '../../../harness/summary/make-entry.ts';
import { countBaselines, figuresOfOurs } from '../../../harness/summary/our-figures.ts';
import { platformFigures, runScope, type Summary } from '../../../harness/summary/summary.ts';
import { unsteadyCells } from '../../../harness/summary/unsteady-cells.ts';
import { difference, golden, refused } from './sides.ts';

const counted = (over: object) => figuresOfOurs([sampleCell(over)], () => 'idiom').ts;
const whole = (over: object = {}) =>
  clientIds.flatMap((client) =>
    (['real', 'fake'] as const).map((engine) => sampleCell({ scenario: 'a/a', client, engine, ...over })),
  );
const part = (results = whole(), everything = ['a/a']) => runScope(results, everything).part ?? 'whole';
const platform = (over: object) => platformFigures(new Map([['linux', whole(over)]]), ['a/a'])[0]?.status;
const flags = (flagged: number, loosened: object = {}) =>
  sensitivityProblems({ tampered: 1000, flagged, loosened: loosened as never }).length;
const itself = (engine: string) =>
  selfDifferences(
    [golden()],
    [sampleCell({ scenario: 'turns/plain', client: 'python', engine: engine as 'real', unexplained: [difference()] })],
  );

const run = { begun: 'b', commit: 'c', dirty: false };
const summary = (over: object = {}) =>
  ({
    ...{
      ...run,
      scope: { whole: true },
      engine: { version: '1', sha256: 's' },
      engines: [{ version: '1' }],
      clients: [],
    },
    ...{ platforms: [], ledger: { entries: 0, problems: [] }, problems: [], durationMs: 0, ...over },
  }) as unknown as Summary;
const entered = (over: object = {}, of: object = {}) => makeEntry(summary(over), { ...run, ...of }, undefined).commit;
const history = (over: object, text: string, of: object = {}) =>
  ({ yes: [() => entered(over, of), refused(text)], no: [() => entered(), 'c'] }) as const;

const { run: ends } = exitCodes;
const fine = { failed: 0, passed: 1, isShard: false, interrupted: false };
const exits = <T extends object>(of: (found: T) => number, found: T, ...failing: Partial<T>[]) =>
  failing.map((one) => ({ yes: [() => of({ ...found, ...one }), 1], no: [() => of(found), 0] }) as const);
const record = { failed: 0, refused: 0, changed: 0, check: true, interrupted: false };
const [recordFailed, recordRefused, recordChanged, recordInterrupted] = exits(
  exitCodes.record,
  record,
  { failed: 1 },
  { refused: 1 },
  { changed: 1 },
  { interrupted: true },
) as [Pair, Pair, Pair, Pair];
const [callsFailed, callsNone] = exits(exitCodes.calls, { failed: 0, passed: 1 }, { failed: 1 }, { passed: 0 }) as [
  Pair,
  Pair,
];
const [hostFailed, hostsNone] = exits(exitCodes.hosts, { failed: 0, passed: 1 }, { failed: 1 }, { passed: 0 }) as [
  Pair,
  Pair,
];
const [tooLow, notWhole, refuted, none] = exits(
  exitCodes.mutation,
  { tooLow: false, notWhole: false, refuted: 0, tried: 1 },
  { tooLow: true },
  { notWhole: true },
  { refuted: 1 },
  { tried: 0 },
) as [Pair, Pair, Pair, Pair];
type Pair = ReturnType<typeof exits>[number];

export const countCases = {
  'cell-compared': {
    yes: [() => counted({})?.compared, 1],
    no: [() => counted({ verdict: 'could-not-run' })?.compared, 0],
  },
  'cell-is-baseline': {
    yes: [() => countBaselines([sampleCell({ verdict: 'mismatch', baseline: true })]), 1],
    no: [() => countBaselines([sampleCell({ client: 'python', verdict: 'baseline' })]), 0],
  },
  'known-counts-once': {
    yes: [
      () => counted({ verdict: 'known-difference', known: [{ id: 'e', difference: difference() }] })?.knownBy.idiom,
      1,
    ],
    no: [() => counted({ verdict: 'mismatch', known: [{ id: 'e', difference: difference() }] })?.knownBy.idiom, 0],
  },
  'scope-scenarios': { yes: [() => part(whole(), ['a/a', 'b/b']), '1 of 2 scenarios'], no: [() => part(), 'whole'] },
  'scope-without': {
    yes: [() => part(whole().filter(({ client }) => client !== 'bare')), 'without bare'],
    no: [() => part(), 'whole'],
  },
  'scope-twice': {
    yes: [() => part([...whole(), sampleCell({ scenario: 'a/a', round: 2 })]), '15 results of 14 cells'],
    no: [() => part(), 'whole'],
  },
  'scope-cells': { yes: [() => part(whole().slice(1)), '13 of 14 cells'], no: [() => part(), 'whole'] },
  'scope-other-engine': {
    yes: [() => part(whole({ engineVersion: '2.0.0' })), 'without the pinned engine'],
    no: [() => part(), 'whole'],
  },
  'platform-not-run': {
    yes: [() => platform({ verdict: 'not-applicable' }), 'not run'],
    no: [() => platform({}), 'passed'],
  },
  'platform-failed': { yes: [() => platform({ verdict: 'mismatch' }), 'failed'], no: [() => platform({}), 'passed'] },
  'rounds-unsteady': {
    yes: [() => unsteadyCells([sampleCell(), sampleCell({ round: 2, verdict: 'mismatch' })]).length, 1],
    no: [() => unsteadyCells([sampleCell(), sampleCell({ round: 2 })]).length, 0],
  },
  'self-difference': { yes: [() => itself('real'), 1], no: [() => itself('fake'), 0] },
  'too-little-flagged': { yes: [() => flags(994), 1], no: [() => flags(995), 0] },
  'too-much-loosened': { yes: [() => flags(1000, { time: 42 }), 1], no: [() => flags(1000, { time: 41 }), 0] },
  'history-part': history({ scope: { whole: false, part: '1 of 2 scenarios' } }, 'expected a whole run'),
  'history-other-engines': history({ engines: [{ version: '1' }, { version: '2' }] }, 'a run of the pin alone'),
  'history-guests': history({ clients: [{ id: 'mine', version: '1' }] }, 'the known clients alone'),
  'history-no-commit': history({ commit: null }, 'one that names none', { commit: null }),
  'history-other-run': history({ begun: 'earlier' }, 'the summary of run-result.json'),
  'history-dirty': history({}, 'one with other files', { dirty: true }),
  'run-failed': { yes: [() => ends({ ...fine, failed: 1 }), 1], no: [() => ends(fine), 0] },
  'run-judged-nothing': {
    yes: [() => ends({ ...fine, passed: 0 }), 1],
    no: [() => ends({ ...fine, passed: 0, isShard: true }), 0],
  },
  'run-interrupted': { yes: [() => ends({ ...fine, interrupted: true }), 1], no: [() => ends(fine), 0] },
  'record-failed': recordFailed,
  'record-refused': recordRefused,
  'record-would-change': {
    yes: recordChanged.yes,
    no: [() => exitCodes.record({ ...record, changed: 1, check: false }), 0],
  },
  'record-interrupted': recordInterrupted,
  'coverage-refuted': {
    yes: [() => exitCodes.coverage({ refuted: 1, missed: 0 }), 1],
    no: [() => exitCodes.coverage({ refuted: 0, missed: 0 }), 0],
  },
  'coverage-goal-missed': {
    yes: [() => exitCodes.coverage({ refuted: 0, missed: 1 }), 1],
    no: [() => exitCodes.coverage({ refuted: 0, missed: 0 }), 0],
  },
  'behaviours-unproven': {
    yes: [() => exitCodes.behaviours({ chosen: 2, proven: 1 }), 1],
    no: [() => exitCodes.behaviours({ chosen: 2, proven: 2 }), 0],
  },
  'behaviours-none': {
    yes: [() => exitCodes.behaviours({ chosen: 0, proven: 0 }), 1],
    no: [() => exitCodes.behaviours({ chosen: 1, proven: 1 }), 0],
  },
  'surface-unlike': {
    yes: [() => exitCodes.surface({ failed: 1 }), 1],
    no: [() => exitCodes.surface({ failed: 0 }), 0],
  },
  'mutation-too-low': tooLow,
  'mutation-not-whole': notWhole,
  'mutation-refuted': refuted,
  'mutation-none': none,
  'observations-differ': {
    yes: [() => exitCodes.diff({ failed: 1 }), 1],
    no: [() => exitCodes.diff({ failed: 0 }), 0],
  },
  'rerun-failed': {
    yes: [() => exitCodes.rerun({ failed: 1 }), 1],
    no: [() => exitCodes.rerun({ failed: 0 }), 0],
  },
  'rerun-interrupted': {
    yes: [() => exitCodes.rerun({ failed: 0, interrupted: true }), 1],
    no: [() => exitCodes.rerun({ failed: 0, interrupted: false }), 0],
  },
  'interleave-failed': {
    yes: [() => exitCodes.interleave({ failed: 1, passed: 1 }), 1],
    no: [() => exitCodes.interleave({ failed: 0, passed: 1 }), 0],
  },
  'interleave-none': {
    yes: [() => exitCodes.interleave({ failed: 0, passed: 0 }), 1],
    no: [() => exitCodes.interleave({ failed: 0, passed: 1 }), 0],
  },
  'interleave-interrupted': {
    yes: [() => exitCodes.interleave({ failed: 0, passed: 1, interrupted: true }), 1],
    no: [() => exitCodes.interleave({ failed: 0, passed: 1, interrupted: false }), 0],
  },
  'fuzz-found': {
    yes: [() => exitCodes.fuzz({ found: true, notWhole: false }), 1],
    no: [() => exitCodes.fuzz({ found: false, notWhole: false }), 0],
  },
  'fuzz-not-whole': {
    yes: [() => exitCodes.fuzz({ found: false, notWhole: true }), 1],
    no: [() => exitCodes.fuzz({ found: false, notWhole: false }), 0],
  },
  'sweep-failed': {
    yes: [() => exitCodes.sweep({ failed: 1 }), 1],
    no: [() => exitCodes.sweep({ failed: 0 }), 0],
  },
  'doctor-found': {
    yes: [() => exitCodes.doctor({ failed: 1 }), 1],
    no: [() => exitCodes.doctor({ failed: 0 }), 0],
  },
  'calls-failed': callsFailed,
  'calls-none': callsNone,
  'host-failed': hostFailed,
  'hosts-none': hostsNone,
  'gate-made-report': { yes: [() => exitCodes.gate(1), 0], no: [() => exitCodes.gate(3), 3] },
  'sensitivity-failed': {
    yes: [() => exitCodes.sensitivity({ problems: 0, tampered: 0 }), 1],
    no: [() => exitCodes.sensitivity({ problems: 0, tampered: 1 }), 0],
  },
} as const;
