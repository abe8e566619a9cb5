import { sampleCell } from '../../../harness/cell/test-fixtures/sample-cell.ts';
import { ignoredChannels } from '../../../harness/compare/ignored-channels.ts';
import type { ObservationBody } from '../../../harness/observation/types.ts';
import { cellFaults } from '../../../harness/verdict/cell-faults.ts';
import { notExercised } from '../../../harness/verdict/covers.ts';
import { judge } from '../../../harness/verdict/judge.ts';
import { faultsOf, judgeCell } from '../../../harness/verdict/judge-cell.ts';
import { labelDifferences } from '../../../harness/verdict/label.ts';
import { appliesTo, expiry, matchesDifference, parseLedger } from '../../../harness/verdict/ledger.ts';
import { judgedHere, ledgerProblems, markStale } from '../../../harness/verdict/ledger-health.ts';
import { wideEntries } from '../../../harness/verdict/ledger-share.ts';
import { cellOf, checker, difference, entry, golden, observation, plan, refused, scenario, timed } from './sides.ts';

const verdict = (differences: object[] = [], ledger: object[] = [], baseline = false) =>
  judge(cellOf(), differences as never, ledger as never, baseline).verdict;

const judged = (client: string, isExpected = () => false) =>
  judgeCell(plan(), observation([{ ch: 'mark', mark: 'm' }]), golden([], client), [], checker(), isExpected).verdict;
const same = (client: string) => judgeCell(plan(), observation([]), golden([], client), [], checker()).verdict;

/** The keys of the faults of a run. */
const faults = (lines: ObservationBody[], over: object = {}, shows = () => true as boolean | undefined) =>
  cellFaults(scenario(over), timed(...lines), [], shows).map(({ key }) => key);
const wire = (line: object, over: object = {}, method: string | null = 'turn/start') => {
  const finding = { blame: 'client', method, path: '/p', message: 'm' };
  return faultsOf(plan({ scenario: scenario(over) }), observation([line as ObservationBody]), checker([finding]))
    .length;
};
const sent = { ch: 'wire.out', msg: {} };
const request = (expect?: string) => ({ call: 'codex.request', expect, with: { method: 'turn/start' } });
const owed = (engine: string, kind: string) =>
  faultsOf(plan({ engine, scenario: scenario({ covers: [`fault:${kind}`] }) }), observation([]), checker()).length;

const out = (id: number): ObservationBody => ({ ch: 'wire.out', msg: { id, method: 'x', params: {} } });
const script = { covers: [], script: [{ start: 2 }] };
const start: ObservationBody = { ch: 'argv', argv: ['codex', 'app-server'] };

const ledger = (line: string) => {
  const text = [
    'id: e',
    'scenario: "turns/*"',
    'clients: [ts]',
    'path: result:x/a',
    'kind: idiom',
    'reason: long enough',
    'evidence: long enough',
  ];
  const name = line.slice(0, line.indexOf(':'));
  const lines = [...text.filter((one) => !one.startsWith(`${name}:`)), line];
  return parseLedger(lines.map((one, at) => `${at === 0 ? '- ' : '  '}${one}\n`).join(''), 'l.yaml').length;
};

const health = (over: object, cells: object[], scenarios = ['turns/plain']) =>
  ledgerProblems({
    ledger: [entry({ engines: ['real'], ...over })],
    scenarios,
    cells: cells.map((cell) => ({ ...cellOf(), used: [], judged: true, ...cell })),
    today: '2026-01-01',
    engineVersion: '1.0.0',
  }).map(({ problem }) => problem);
const stale = (over: object, problem = 'no-longer-occurs') =>
  markStale([sampleCell({ scenario: 'turns/plain', ...over })], [{ entry: entry(), problem, message: 'm' } as never])[0]
    ?.verdict;
const label = (client: string, all: object[], engine = 'real') => {
  const cell = sampleCell({ client: client as 'ts', engine: engine as 'real', unexplained: [difference()] });
  return labelDifferences(cell, [cell, ...all.map((one) => sampleCell({ unexplained: [difference()], ...one }))]);
};
const share = (of: object) => wideEntries([{ id: 'e', ofOneGolden: 0, ofAll: 0, ...of }], true).length;

export const verdictCases = {
  'difference-unexplained': { yes: [() => verdict([difference()]), 'mismatch'], no: [() => verdict(), 'match'] },
  'golden-is-baseline': { yes: [() => verdict([], [], true), 'baseline'], no: [() => verdict(), 'match'] },
  'difference-known': {
    yes: [() => verdict([difference()], [entry()]), 'known-difference'],
    no: [() => verdict([], [entry()]), 'match'],
  },
  'golden-not-official': { yes: [() => same('bare'), 'baseline'], no: [() => same('python'), 'match'] },
  'difference-expected': {
    yes: [() => judged('python', () => true), 'match'],
    no: [() => judged('python'), 'mismatch'],
  },
  'exec-wire': {
    yes: [() => wire({ ch: 'wire.in', msg: {}, run: 1 }), 0],
    no: [() => wire({ ch: 'wire.in', msg: {} }), 1],
  },
  'method-sent-to-fail': {
    yes: [() => wire(sent, { steps: [request('error')] }), 0],
    no: [() => wire(sent), 1],
  },
  'expected-to-fail': {
    yes: [() => wire(sent, { steps: [request('error')] }), 0],
    no: [() => wire(sent, { steps: [request()] }), 1],
  },
  'answered-wrongly': {
    yes: [() => wire(sent, { answers: [{ to: 'turn/start', wrong: true }] }), 0],
    no: [() => wire(sent, { answers: [{ to: 'turn/start' }] }), 1],
  },
  'writes-lines': {
    yes: [() => wire(sent, { steps: [{ call: 'codex.send' }] }, null), 0],
    no: [() => wire(sent, { steps: [{ call: 'codex.models' }] }, null), 1],
  },
  'fault-of-replay': { yes: [() => owed('fake', 'model-cut'), 0], no: [() => owed('real', 'model-cut'), 1] },
  'replay-lacks-model': {
    yes: [() => ignoredChannels('fake', true).has('model.request'), true],
    no: [() => ignoredChannels('real', true).has('model.request'), false],
  },
  'replay-writes-no-files': {
    yes: [() => ignoredChannels('fake', false).has('file'), true],
    no: [() => ignoredChannels('fake', true).has('file'), false],
  },
  'left-behind': {
    yes: [() => faults([{ ch: 'rest', processes: ['sleep'], files: [] }]), ['left behind']],
    no: [() => faults([{ ch: 'mark', mark: 'released x' }]), []],
  },
  'held-by-a-client': {
    yes: [() => faults([{ ch: 'rest', when: 'closed', held: { timers: 1 } }]), ['held by a closed client']],
    no: [() => faults([{ ch: 'rest', when: 'closed', held: { 'TurnRouter.#ended': 1 } }]), []],
  },
  'model-asked-too-much': {
    yes: [() => faults([{ ch: 'mark', mark: 'unscripted model request 2' }]), ['unscripted model request']],
    no: [() => faults([{ ch: 'mark', mark: 'released x' }]), []],
  },
  'script-missed': {
    yes: [
      () =>
        faults([
          { ch: 'mark', mark: 'script miss' },
          { ch: 'mark', mark: 'fake engine failed' },
        ]),
      ['script miss', 'fake engine failed'],
    ],
    no: [() => faults([{ ch: 'mark', mark: 'released x' }]), []],
  },
  'model-asked-too-little': {
    yes: [() => faults([{ ch: 'mark', mark: 'unconsumed model answer 1' }]), ['unconsumed model answer']],
    no: [() => faults([{ ch: 'mark', mark: 'released x' }]), []],
  },
  'engine-started-too-rarely': {
    yes: [() => faults([start], script), ['script miss']],
    no: [() => faults([start, start], script), []],
  },
  'request-id-used-again': {
    yes: [() => faults([out(1), out(1)]), ['request id used again']],
    no: [() => faults([out(1), out(2)]), []],
  },
  'covers-not-exercised': {
    yes: [() => faults([], { covers: ['turn/start'] }), ['covers not exercised']],
    no: [() => faults([out(1)], { covers: ['x'] }), []],
  },
  'fault-not-shown': {
    yes: [() => notExercised(['fault:hang'], [], () => false), ['fault:hang']],
    no: [() => notExercised(['fault:hang'], [], () => undefined), []],
  },
  'name-not-seen': {
    yes: [() => notExercised(['y'], timed(out(1)), () => true), ['y']],
    no: [() => notExercised(['x'], timed(out(1)), () => true), []],
  },
  'entry-until-engine': {
    yes: [() => appliesTo(entry({ expires: { engine: '2.0.0' } }), cellOf({ engineVersion: '2.0.0' })), false],
    no: [() => appliesTo(entry({ expires: { engine: '2.0.0' } }), cellOf({ engineVersion: '1.9.0' })), true],
  },
  'entry-of-scenario': {
    yes: [() => appliesTo(entry(), cellOf()), true],
    no: [() => appliesTo(entry(), cellOf({ scenario: 'threads/a' })), false],
  },
  'entry-of-client': {
    yes: [() => appliesTo(entry(), cellOf()), true],
    no: [() => appliesTo(entry(), cellOf({ client: 'python-async' })), false],
  },
  'entry-of-engine': {
    yes: [() => appliesTo(entry({ engines: ['real'] }), cellOf()), true],
    no: [() => appliesTo(entry({ engines: ['fake'] }), cellOf()), false],
  },
  'entry-path': {
    yes: [() => matchesDifference(entry(), difference()), true],
    no: [() => matchesDifference(entry(), difference({ path: 'result:codex.models/value/b' })), false],
  },
  'entry-value': {
    yes: [() => matchesDifference(entry({ reference: 1, client: 2 }), difference()), true],
    no: [() => matchesDifference(entry({ client: 3 }), difference()), false],
  },
  'entry-needs-cause': {
    yes: [
      () => verdict([difference(), difference({ path: 'event:x' })], [entry({ consequences: ['event:x'] })]),
      'known-difference',
    ],
    no: [() => verdict([difference({ path: 'event:x' })], [entry({ consequences: ['event:x'] })]), 'mismatch'],
  },
  'consequence-of-key': {
    yes: [
      () =>
        verdict(
          [difference(), difference({ path: 'end:codex.models', key: 'codex.models' })],
          [entry({ consequences: ['end:{key}'] })],
        ),
      'known-difference',
    ],
    no: [
      () =>
        verdict(
          [difference(), difference({ path: 'end:codex.account', key: 'codex.account' })],
          [entry({ consequences: ['end:{key}'] })],
        ),
      'mismatch',
    ],
  },
  'entry-past-date': {
    yes: [() => expiry(entry({ expires: { date: '2026-01-01' } }), '2026-01-01', '1.0.0'), 'expired on 2026-01-01'],
    no: [() => expiry(entry({ expires: { date: '2026-01-02' } }), '2026-01-01', '1.0.0'), undefined],
  },
  'entry-past-engine': {
    yes: [
      () => expiry(entry({ expires: { engine: '1.0.0' } }), '2026-01-01', '1.0.0'),
      'expired with engine 1.0.0; this is 1.0.0',
    ],
    no: [() => expiry(entry({ expires: { engine: '1.0.1' } }), '2026-01-01', '1.0.0'), undefined],
  },
  'entry-names-folder': {
    yes: [() => ledger('scenario: "{turns/*,*}"'), refused('expected a glob that begins with the name of a folder')],
    no: [() => ledger('scenario: "{turns/*,exec/*}"'), 1],
  },
  'entry-names-path': {
    yes: [() => ledger('path: "result:**"'), refused('expected CHANNEL:KEY with a name in it')],
    no: [() => ledger('path: "result:x/**"'), 1],
  },
  'consequence-names-key': {
    yes: [() => ledger('consequences: ["event:**"]'), refused('and not every key')],
    no: [() => ledger('consequences: ["event:*"]'), 1],
  },
  'entry-without-scenario': {
    yes: [() => health({ scenario: 'exec/*' }, []), ['unmatched']],
    no: [() => health({}, [{ used: ['e'] }]), []],
  },
  'entry-impossible': {
    yes: [() => health({}, [{ judged: false, notApplicable: true }]), ['no-longer-occurs']],
    no: [() => health({}, [{ used: ['e'] }]), []],
  },
  'entry-outlived': {
    yes: [() => health({}, [{}]), ['no-longer-occurs']],
    no: [() => health({}, [{ used: ['e'] }]), []],
  },
  'entry-still-occurs': {
    yes: [() => health({}, [{ used: ['e'] }]), []],
    no: [() => health({}, [{ used: ['other'] }]), ['no-longer-occurs']],
  },
  'entry-unproven': {
    yes: [() => health({}, [{}], ['turns/plain', 'turns/other']), []],
    no: [() => health({}, [{}]), ['no-longer-occurs']],
  },
  'stale-on-pin-only': {
    yes: [() => stale({ engineVersion: '2.0.0' }), 'match'],
    no: [() => stale({}), 'stale-known-difference'],
  },
  'stale-cell': {
    yes: [() => stale({}), 'stale-known-difference'],
    no: [() => stale({ verdict: 'mismatch' }), 'mismatch'],
  },
  'entry-wide-in-one': {
    yes: [() => share({ ofOneGolden: 0.26 }), 1],
    no: [() => share({ ofOneGolden: 0.25 }), 0],
  },
  'entry-wide-in-all': { yes: [() => share({ ofAll: 0.0101 }), 1], no: [() => share({ ofAll: 0.01 }), 0] },
  'ledger-judged-whole': {
    yes: [() => judgedHere([{ problem: 'expired' } as never], true).length, 1],
    no: [() => judgedHere([{ problem: 'no-longer-occurs' } as never], true).length, 0],
  },
  'difference-is-ours': {
    yes: [() => label('ts', []), ['SDK difference']],
    no: [() => label('python-async', [{ client: 'python', unexplained: [] }]), ['client difference']],
  },
  'engine-drifts': {
    yes: [() => label('ts', [{ client: 'python' }]), ['engine drift']],
    no: [() => label('ts', [{ client: 'python', unexplained: [] }]), ['SDK difference']],
  },
  'fake-drifts': {
    yes: [() => label('ts', [{ client: 'python', engine: 'fake' }], 'fake'), ['fake drift']],
    no: [() => label('ts', [{ client: 'python', engine: 'fake' }]), ['SDK difference']],
  },
  'reference-is-official': {
    yes: [() => label('ts', [{ client: 'python' }], 'fake'), ['engine drift']],
    no: [() => label('ts', []), ['SDK difference']],
  },
} as const;
