import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sampleCell } from '../../../harness/cell/test-fixtures/sample-cell.ts';
import type { Capability } from '../../../harness/clients/clients.ts';
import { isIncomplete, runPlans } from '../../../harness/commands/run.ts';
import { writeGolden } from '../../../harness/golden/golden-file.ts';
import { keepGolden } from '../../../harness/golden/keep-golden.ts';
import { normalise } from '../../../harness/normalise/normalise.ts';
import { writeObservation } from '../../../harness/observation/observation-file.ts';
import type { ObservationBody } from '../../../harness/observation/types.ts';
import { FinishedCells } from '../../../harness/run/finished-cells.ts';
import { type MergeError, mergeResults } from '../../../harness/run/merge-results.ts';
import { planCells } from '../../../harness/run/plan.ts';
import { recordingProblems, recordScenario } from '../../../harness/run/record.ts';
import { References } from '../../../harness/run/references.ts';
import { runCell } from '../../../harness/run/run-cell.ts';
import { type RunResult, readRunResult, writeRunResult } from '../../../harness/run/run-result.ts';
import { parseShard, scenariosOf } from '../../../harness/run/shard.ts';
import { SilentGuest } from '../../../harness/run/silent-guest.ts';
import { neededCapabilities, selectClients } from '../../../harness/scenario/select-clients.ts';
import { checker, entry, golden, observation, plan, refused, scenario } from './sides.ts';

export type { MergeError };

/** Does something with a folder of its own. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'twinproof-judging-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const all: Capability[] = ['sdk', 'rpc', 'cancel', 'server-requests'];
/** Why the scenario does not apply. */
const reason = (over: object = {}, client = 'ts', engine: object = {}) => {
  const drivers = [{ client: client as 'ts', capabilities: all }];
  const on = { engine: 'real' as const, version: '1.5.0', ...engine };
  const [choice] = selectClients(scenario(over) as never, drivers, [on]);
  return choice?.applicable === false ? choice.reason : 'applies';
};
const steps = (...of: object[]) => ({ steps: of });
const needs = (over: object) => neededCapabilities(scenario(over)).sort();

/** How a cell ends whose driver and machine end like this. */
const cellEnds = (outcome: string, machine: string[]) =>
  inFolder(async (folder) => {
    const paths = { root: path.join(folder, 'cell') };
    const cell = { paths, control: {}, env: {}, finish: async () => ({ lines: [], machine }), dispose: async () => {} };
    const driver = {
      start: async () => ({ clientVersion: '1' }),
      run: async () => ({ outcome, notes: [], stderrTail: '' }),
    };
    await runCell({
      ...{ plan: plan(), driver: driver as never, open: async () => cell as never, secrets: [] },
      ...{ engine: { version: '1', sha256: 's' }, rawFile: path.join(folder, 'raw.jsonl') },
    });
    return 'ran';
  });

/** How many cells have a result where the run is to end while the first of them is under way, or is not. */
async function endedWith(isEnded: boolean) {
  const stop = new AbortController();
  const say = () => {};
  const paint = { red: String, green: String, yellow: String };
  const terminal = { signal: stop.signal, live: false, out: say, note: say, status: say, command: say, paint };
  const work = async () => {
    if (isEnded) stop.abort();
    return sampleCell();
  };
  const results = await runPlans(
    [plan(), plan()],
    { jobs: 1, verbose: true, begun: new Date() },
    work,
    terminal as never,
  );
  return results.length;
}

function guest(silentCells: number) {
  const one = new SilentGuest();
  for (let at = 0; at < silentCells; at += 1) one.note(`s/${at}`, { silent: true });
  one.refuse();
  return 'asked';
}

const finished = (digest: string, add: boolean) =>
  inFolder(async (folder) => {
    const raw = path.join(folder, 'raw', 'x.jsonl');
    await writeObservation(raw, observation());
    const first = await FinishedCells.open(folder, 'a', false);
    if (add) await first.add(raw);
    else await appendFile(path.join(folder, 'finished.txt'), '');
    return (await (await FinishedCells.open(folder, digest, true)).read(raw)) === undefined
      ? 'run again'
      : 'taken over';
  });

const problems = (lines: ObservationBody[], over: object = {}, ledger: object[] = []) =>
  recordingProblems(
    { ledger: ledger as never, checker: checker() },
    plan({ scenario: scenario(over) }),
    observation(lines),
  );
const call: ObservationBody = { ch: 'call', lane: 'main', op: 'codex.models', args: {} };
const failed = (lane: string, op = 'codex.models'): ObservationBody => ({
  ...{ ch: 'error', lane, op },
  error: { class: 'E', message: 'm' },
});
const oneCall = steps({ call: 'codex.models' });
const hung: ObservationBody = { ch: 'hang', lane: 'main', op: 'codex.models', step: 1 };
const left: ObservationBody = { ch: 'rest', processes: ['sleep'], files: [] };
const marked: ObservationBody = { ch: 'mark', mark: 'm' };

/** Records with a session that observes these runs, one after the other. */
const recorded = (runs: ObservationBody[][], held?: ObservationBody[], client = 'ts') =>
  inFolder(async (folder) => {
    if (held !== undefined) await writeGolden(path.join(folder, 'turns/plain.jsonl'), normalise(observation(held)));
    const session = {
      options: { folders: { goldens: folder } },
      ledger: [],
      checkerOf: async () => checker(),
      observe: async ({ round }: { round: number }) => ({ observation: observation(runs[round - 1], { client }) }),
    };
    return (await recordScenario(session as never, scenario() as never, client as 'ts')).outcome;
  });
const kept = (client: string) =>
  inFolder(async (folder) => {
    await writeGolden(path.join(folder, 'turns/plain.jsonl'), golden());
    return (await keepGolden(folder, golden([], client))).outcome;
  });

/** The verdict of a cell on another engine. */
const elsewhere = (
  client: string,
  runs: Record<string, ObservationBody[]>,
  held: ObservationBody[] | undefined,
  present = ['python'],
) =>
  inFolder(async (folder) => {
    const its = held && normalise(observation(held, { client: 'python' }));
    if (its !== undefined) await writeGolden(path.join(folder, 'turns/plain.jsonl'), its);
    const session = {
      options: { present, folders: { goldens: folder } },
      ledger: [],
      normalised: new Map(),
      observe: async ({ client: one }: { client: string }) => ({
        observation: observation(runs[one] ?? [marked], { client: one }),
        raw: 'raw/x',
      }),
      checkerOf: async () => (await contractChecker()) as never,
      hello: async () => present.map((client) => ({ client, capabilities: all })),
    };
    const references = new References(session as never);
    return (await references.judge(plan({ client, engineVersion: '2.0.0' }))).judged.verdict;
  });
/** A contract with a field that Python's models lack. */
async function contractChecker() {
  const { loadContract } = await import('../../../harness/contract/load-contract.ts');
  const contract = structuredClone(await loadContract());
  const { Turn } = contract.schema.definitions;
  if (Turn?.properties !== undefined) Turn.properties.mood = {};
  return { ...(checker() as object), contract };
}
const turn = (over: object): ObservationBody => ({
  ...{ ch: 'event', lane: 'events', method: 'turn/completed', known: true },
  payload: { threadId: '1', turn: { id: '1', status: 'completed', items: [], ...over } },
});

const result = (over: Partial<RunResult> = {}): RunResult => ({
  ...{ schemaVersion: 1, platform: 'linux', begun: '2026-01-02T00:00:00.000Z', commit: 'c1', dirty: false },
  ...{
    inputs: { goldens: 'g1' },
    engine: { version: '1.2.3', sha256: 's' },
    durationMs: 1,
    jobs: 1,
    interrupted: false,
  },
  clients: [{ id: 'ts', version: '0.1.0' }],
  request: { scenario: null, family: null, clients: ['ts'], engines: ['fake'], offline: false, rounds: 1 },
  ...{ shard: null, results: [], ...over },
});
const shard = (index: number, over: Partial<RunResult> = {}, count = 2) => result({ shard: { index, count }, ...over });
const merged = (...results: RunResult[]) => {
  mergeResults(results.map((one, at) => ({ name: `/r${at}`, result: one })));
  return 'merged';
};
const whole = () => merged(shard(1), shard(2));
const mergeOf = (over: Partial<RunResult>, text: string) =>
  ({ yes: [() => merged(shard(1), shard(2, over)), refused(text)], no: [whole, 'merged'] }) as const;
const readBack = (over: object) =>
  inFolder(async (folder) => {
    await writeRunResult(folder, { ...result(), ...over } as RunResult);
    return (await readRunResult(folder)).platform;
  });

export const runCases = {
  'client-of-family': {
    yes: [() => reason(), 'applies'],
    no: [() => reason({ family: 'exec' }), 'ts is of the family app-server, the scenario of exec'],
  },
  'client-limited': {
    yes: [() => reason({ clients: ['python'] }), 'limited to python'],
    no: [() => reason({ clients: ['ts'] }), 'applies'],
  },
  'client-lacks': {
    yes: [() => reason({ needs: ['error-replies'] }), 'ts lacks the capability error-replies'],
    no: [() => reason({ needs: ['cancel'] }), 'applies'],
  },
  'engine-limited': {
    yes: [() => reason({ engines: ['fake'] }), 'limited to the fake engine'],
    no: [() => reason({ engines: ['real'] }), 'applies'],
  },
  'engine-too-old': {
    yes: [() => reason({ since: '1.6.0' }), 'holds since engine 1.6.0, this is 1.5.0'],
    no: [() => reason({ since: '1.5.0' }), 'applies'],
  },
  'engine-too-new': {
    yes: [() => reason({ until: '1.4.0' }), 'holds until engine 1.4.0, this is 1.5.0'],
    no: [() => reason({ until: '1.5.0' }), 'applies'],
  },
  'engine-lacks': {
    yes: [() => reason({ covers: ['a/b'] }, 'ts', { lacks: new Set(['a/b']) }), 'engine 1.5.0 has no a/b'],
    no: [() => reason({ covers: ['a/b'] }, 'ts', { lacks: new Set(['a/c']) }), 'applies'],
  },
  'needs-server-requests': {
    yes: [() => needs({ answers: [{ to: 'x', reply: {} }] }), ['server-requests']],
    no: [() => needs({}), []],
  },
  'needs-error-replies': {
    yes: [() => needs({ answers: [{ to: 'x', error: {} }] }), ['error-replies', 'server-requests']],
    no: [() => needs({ answers: [{ to: 'x', reply: {} }] }), ['server-requests']],
  },
  'needs-cancel': {
    yes: [() => needs(steps({ cancel: 'x' })), ['cancel']],
    no: [() => needs(steps({ join: 'x' })), []],
  },
  'needs-rpc': {
    yes: [() => needs(steps({ call: 'codex.request' })), ['rpc']],
    no: [() => needs(steps({ call: 'codex.models' })), ['sdk']],
  },
  'cell-not-applicable': {
    yes: [() => planned({ family: 'exec' }), ['not run']],
    no: [() => planned({}), ['1', '2']],
  },
  'driver-not-done': {
    yes: [() => cellEnds('crashed', []), refused('the driver ts crashed')],
    no: [() => cellEnds('done', []), 'ran'],
  },
  'machine-at-fault': {
    yes: [() => cellEnds('done', ['the disk was full']), refused('the disk was full')],
    no: [() => cellEnds('done', []), 'ran'],
  },
  'guest-silent': { yes: [() => guest(2), refused('not tried')], no: [() => guest(1), 'asked'] },
  'ended-by-signal': { yes: [() => endedWith(true), 0], no: [() => endedWith(false), 2] },
  'planned-not-run': {
    yes: [() => isIncomplete([plan(), plan()], [sampleCell()]), true],
    no: [() => isIncomplete([plan()], [sampleCell()]), false],
  },
  'shard-out-of-range': {
    yes: [() => parseShard('3/2'), refused('expected I/N with 1 ≤ I ≤ N')],
    no: [() => parseShard('2/2'), { index: 2, count: 2 }],
  },
  'shard-has': {
    yes: [() => scenariosOf([{ id: 'a' }], { index: 1, count: 2 }), [{ id: 'a' }]],
    no: [() => scenariosOf([{ id: 'a' }], { index: 2, count: 2 }), []],
  },
  'cell-finished': { yes: [() => finished('a', true), 'taken over'], no: [() => finished('a', false), 'run again'] },
  'finished-by-same': { yes: [() => finished('a', true), 'taken over'], no: [() => finished('b', true), 'run again'] },
  'recording-at-fault': {
    yes: [() => recorded([[left], [left]]), 'refused'],
    no: [() => recorded([[], []]), 'new'],
  },
  'recordings-differ': {
    yes: [() => recorded([[marked], []]), 'refused'],
    no: [() => recorded([[marked], [marked]]), 'new'],
  },
  'recording-unchanged': {
    // A second recording that differs would be refused.
    yes: [() => recorded([[marked], []], [marked]), 'unchanged'],
    no: [() => recorded([[marked], [marked]], []), 'changed'],
  },
  'recording-of-client': { yes: [() => kept('python'), 'unchanged'], no: [() => kept('python-async'), 'changed'] },
  'fault-known': {
    yes: [() => problems([left], {}, [entry({ path: 'mark:left behind' })]), []],
    no: [() => problems([left]), ['left behind: {"processes":["sleep"],"files":[]}']],
  },
  'error-escaped': {
    yes: [() => problems([failed('process')]), ['an error escaped: E: m']],
    no: [() => problems([failed('process')], { crashes: true }), []],
  },
  'call-failed': {
    yes: [() => problems([call, failed('main')], oneCall), ['codex.models failed unexpectedly: E: m']],
    no: [() => problems([call, failed('main')], steps({ call: 'codex.models', expect: 'error' })), []],
  },
  'step-hung': {
    yes: [() => problems([hung]), ['codex.models did not end before its deadline']],
    no: [() => problems([hung], { hangs: true }), []],
  },
  'no-error-escaped': {
    yes: [() => problems([], { crashes: true }), ['an error was expected to escape and none did']],
    no: [() => problems([failed('process')], { crashes: true }), []],
  },
  'no-step-hung': {
    yes: [() => problems([], { hangs: true }), ['a step was expected to hang and none did']],
    no: [() => problems([hung], { hangs: true }), []],
  },
  'opened-otherwise': {
    yes: [() => problems([], { opening: 'error' }), ['the client was expected not to open and did']],
    no: [() => problems([failed('main', 'Codex')], { opening: 'error' }), []],
  },
  'calls-missing': {
    yes: [() => problems([], oneCall), ['0 of 1 calls were made: a golden needs them all']],
    no: [() => problems([call], oneCall), []],
  },
  'call-succeeded': {
    yes: [
      () => problems([call], steps({ call: 'codex.models', expect: 'error' })),
      ['lane main was expected to fail and did not'],
    ],
    no: [() => problems([call, failed('main')], steps({ call: 'codex.models', expect: 'error' })), []],
  },
  'reference-drifted': {
    yes: [() => elsewhere('python', { python: [marked, marked] }, [marked]), 'baseline'],
    no: [() => elsewhere('python', {}, [marked]), 'match'],
  },
  'fault-of-reference': {
    yes: [() => elsewhere('ts', { python: [marked, left], ts: [marked, left] }, [marked]), 'match'],
    no: [() => elsewhere('ts', { python: [marked], ts: [marked, left] }, [marked]), 'mismatch'],
  },
  'field-unknown-to-python': {
    yes: [() => elsewhere('ts', { python: [turn({})], ts: [turn({ mood: 'good' })] }, [marked]), 'match'],
    no: [() => elsewhere('ts', { python: [turn({})], ts: [turn({ madeUp: 'good' })] }, [marked]), 'mismatch'],
  },
  'reference-absent': {
    yes: [() => elsewhere('ts', {}, [marked], []), refused('python, the reference of turns/plain, is not installed')],
    no: [() => elsewhere('ts', {}, [marked]), 'match'],
  },
  'reference-none': {
    yes: [() => elsewhere('ts', {}, undefined, []), refused('no client that is installed can be the reference')],
    no: [() => elsewhere('ts', {}, undefined, ['python']), 'match'],
  },
  'merge-nothing': { yes: [() => merged(), refused('expected at least one folder')], no: [whole, 'merged'] },
  'merge-interrupted': mergeOf({ interrupted: true }, 'the run of /r1 was interrupted'),
  'merge-other-commit': mergeOf({ commit: 'c2' }, 'commit c1 as /r0 has it, got c2'),
  'merge-other-engine': mergeOf({ engine: { version: '1.2.4', sha256: 's' } }, 'got 1.2.4'),
  'merge-other-input': mergeOf({ inputs: { goldens: 'g2' } }, 'got g2'),
  'merge-other-client': mergeOf({ clients: [{ id: 'ts', version: '0.2.0' }] }, 'got 0.2.0'),
  'merge-other-request': mergeOf({ request: { ...result().request, rounds: 2 } }, 'of /r1'),
  'merge-other-binary': mergeOf({ engine: { version: '1.2.3', sha256: 't' } }, 'got t of /r1'),
  'merge-overlaps': {
    yes: [() => merged(result(), result()), refused('overlap: one of them is no shard')],
    no: [() => merged(result()), 'merged'],
  },
  'merge-other-count': mergeOf({ shard: { index: 2, count: 3 } }, '/r1 is shard 2/3, /r0 is 1/2'),
  'merge-twice': {
    yes: [() => merged(shard(1), shard(2), shard(2)), refused('shard 2/2 was given twice: /r1 and /r2')],
    no: [whole, 'merged'],
  },
  'merge-missing': { yes: [() => merged(shard(1)), refused('shard 2/2 is missing')], no: [whole, 'merged'] },
  'result-of-other-version': {
    yes: [() => readBack({ schemaVersion: 2 }), refused('expected schemaVersion 1, got 2')],
    no: [() => readBack({}), 'linux'],
  },
  'result-leads-out': {
    yes: [() => readBack({ results: [sampleCell({ raw: 'raw/../../x' })] }), refused('a raw of plain words and /')],
    no: [() => readBack({ results: [sampleCell({ raw: 'raw/x' })] }), 'linux'],
  },
} as const;

function planned(over: object) {
  const clients = [{ client: 'ts' as const, capabilities: all }];
  const targets = [{ engine: 'real' as const, version: '1.5.0' }];
  const plans = planCells({ scenarios: [scenario(over) as never], clients, targets, rounds: 2 });
  return plans.map(({ notApplicable, round }) => (notApplicable === undefined ? String(round) : 'not run'));
}
