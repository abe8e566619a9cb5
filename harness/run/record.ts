import type { CellPlan } from '../cell/types.ts';
import type { ClientId } from '../clients/clients.ts';
import { compare } from '../compare/compare.ts';
import { observationDiff } from '../compare/observation-diff.ts';
import { keepGolden } from '../golden/keep-golden.ts';
import { holds } from '../judging/holds.ts';
import { normalise } from '../normalise/normalise.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { Observation } from '../observation/types.ts';
import { recordingEngine } from '../scenario/reference.ts';
import type { StandingScenario } from '../scenario/types.ts';
import { faultsOf } from '../verdict/judge-cell.ts';
import { appliesTo, matchesDifference } from '../verdict/ledger.ts';
import type { Session } from './session.ts';

export type RecordOutcome = 'new' | 'changed' | 'unchanged' | 'refused';

export interface RecordResult {
  scenario: string;
  client: ClientId;
  outcome: RecordOutcome;
  /** Why it was refused, or what differs, a line each. */
  details: string[];
}

/**
 * Records a scenario's golden with its reference client on the real engine, or on the fake if the scenario scripts the
 * engine. The old file stays if lanes and their lines are the same, so recording twice changes nothing. What would
 * change it is recorded a second time, because a busy machine may keep lines from a recording: two that differ are no
 * golden, and no drift. Refused as well: a run with a fault of its own (something left behind, outside the contract,
 * not what the scenario is for), a hang that the scenario does not expect, a call that failed without `expect: error`
 * or did not fail with it.
 */
export async function recordScenario(
  session: Session,
  scenario: StandingScenario,
  client: ClientId,
  { check = false, engineVersion }: { check?: boolean; engineVersion?: string } = {},
): Promise<RecordResult> {
  const on = engineVersion === undefined ? {} : { engineVersion };
  const plan = { scenario, client, engine: recordingEngine(scenario), ...on };
  const { goldens } = session.options.folders;
  const result = (outcome: RecordOutcome, details: string[] = []): RecordResult => ({
    scenario: scenario.id,
    client,
    outcome,
    details,
  });
  const first = await recordOnce(session, { ...plan, round: 1 });
  if (holds('recording-at-fault', first.problems.length > 0)) return result('refused', first.problems);
  const judged = await keepGolden(goldens, first.fresh, { check: true });
  if (holds('recording-unchanged', judged.outcome === 'unchanged')) return result('unchanged');
  const second = await recordOnce(session, { ...plan, round: 2 });
  if (holds('recording-at-fault', second.problems.length > 0)) return result('refused', second.problems);
  const differences = compare(first.fresh, second.fresh);
  if (holds('recordings-differ', differences.length > 0)) {
    const told = observationDiff(first.fresh, second.fresh, differences);
    return result('refused', ['two recordings differ, and a golden needs two that agree:', ...told]);
  }
  const { outcome, details } = check ? judged : await keepGolden(goldens, first.fresh);
  return result(outcome, details);
}

async function recordOnce(
  session: Session,
  plan: CellPlan,
): Promise<{ fresh: NormalisedObservation; problems: string[] }> {
  const { observation } = await session.observe(plan);
  const judge = { ledger: session.ledger, checker: await session.checkerOf(plan) };
  return { fresh: normalise(observation), problems: recordingProblems(judge, plan, observation) };
}

/** Why a run cannot be the scenario's golden; empty if it can. */
export function recordingProblems(
  { ledger, checker }: Pick<Session, 'ledger' | 'checker'>,
  plan: CellPlan,
  observation: Observation,
): string[] {
  const { scenario } = plan;
  // If the engine itself breaks its contract in this scenario, the ledger may say so.
  const known = ledger.filter((entry) => appliesTo(entry, { ...plan, scenario: scenario.id }));
  return [
    ...faultsOf(plan, observation, checker)
      .filter(
        (fault) =>
          !holds(
            'fault-known',
            known.some((entry) => matchesDifference(entry, fault)),
          ),
      )
      .map((fault) => `${fault.key}: ${JSON.stringify(fault.actual)}`),
    ...unexpectedEnds(scenario, observation.lines),
  ];
}

function unexpectedEnds(scenario: StandingScenario, lines: readonly { ch: string }[]): string[] {
  const expected = new Set(
    scenario.steps.flatMap((step) => ('expect' in step && step.expect === 'error' ? [laneOfStep(step)] : [])),
  );
  const failed = new Set<string>();
  let hangs = false;
  let crashes = false;
  let opening: 'error' | undefined;
  const problems: string[] = [];
  for (const line of lines as readonly {
    ch: string;
    lane?: string;
    op?: string;
    awaited?: string;
    error?: { class: string; message: string };
  }[]) {
    if (line.ch === 'error' && line.op === 'Codex' && scenario.opening === 'error') {
      opening = 'error';
    } else if (line.ch === 'error' && line.lane === 'process') {
      crashes = true;
      if (holds('error-escaped', !scenario.crashes))
        problems.push(`an error escaped: ${line.error?.class}: ${line.error?.message}`);
    } else if (line.ch === 'error') {
      failed.add(String(line.lane));
      if (holds('call-failed', !expected.has(String(line.lane))))
        problems.push(`${line.op} failed unexpectedly: ${line.error?.class}: ${line.error?.message}`);
    }
    if (line.ch === 'hang') hangs = true;
    if (holds('step-hung', line.ch === 'hang' && !scenario.hangs)) {
      const awaited = line.awaited === undefined ? '' : `: it waited for ${line.awaited}`;
      problems.push(`${line.op} did not end before its deadline${awaited}`);
    }
  }
  if (holds('no-error-escaped', scenario.crashes === true && !crashes))
    problems.push('an error was expected to escape and none did');
  if (holds('no-step-hung', scenario.hangs === true && !hangs))
    problems.push('a step was expected to hang and none did');
  if (holds('opened-otherwise', scenario.opening !== opening))
    problems.push('the client was expected not to open and did');
  if (hangs || opening === 'error') return problems;
  const steps = scenario.steps.filter((step) => 'call' in step || 'start' in step).length;
  const calls = lines.filter((line) => line.ch === 'call').length;
  if (holds('calls-missing', calls < steps))
    problems.push(`${calls} of ${steps} calls were made: a golden needs them all`);
  for (const lane of expected)
    if (holds('call-succeeded', !failed.has(lane))) problems.push(`lane ${lane} was expected to fail and did not`);
  return problems;
}

const laneOfStep = (step: object): string => String('as' in step && step.as !== undefined ? step.as : 'main');
