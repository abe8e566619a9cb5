import type { CellPlan } from '../cell/types.ts';
import type { ClientId } from '../clients/clients.ts';
import { keepGolden } from '../golden/keep-golden.ts';
import { normalise } from '../normalise/normalise.ts';
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
 * engine. The old file stays if lanes and their lines are the same, so recording twice changes nothing. Refused: a run
 * with a fault of its own (something left behind, outside the contract, not what the scenario is for), a hang that the
 * scenario does not expect, a call that failed without `expect: error` or did not fail with it.
 */
export async function recordScenario(
  session: Session,
  scenario: StandingScenario,
  client: ClientId,
  { check = false, engineVersion }: { check?: boolean; engineVersion?: string } = {},
): Promise<RecordResult> {
  const on = engineVersion === undefined ? {} : { engineVersion };
  const plan = { scenario, client, engine: recordingEngine(scenario), round: 1, ...on };
  const result = (outcome: RecordOutcome, details: string[] = []): RecordResult => ({
    scenario: scenario.id,
    client,
    outcome,
    details,
  });
  const { observation } = await session.observe(plan);
  const judge = { ledger: session.ledger, checker: await session.checkerOf(plan) };
  const refused = recordingProblems(judge, plan, observation);
  if (refused.length > 0) return result('refused', refused);
  const fresh = normalise(observation);
  const { outcome, details } = await keepGolden(session.options.folders.goldens, fresh, { check });
  return result(outcome, details);
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
      .filter((fault) => !known.some((entry) => matchesDifference(entry, fault)))
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
      if (!scenario.crashes) problems.push(`an error escaped: ${line.error?.class}: ${line.error?.message}`);
    } else if (line.ch === 'error') {
      failed.add(String(line.lane));
      if (!expected.has(String(line.lane)))
        problems.push(`${line.op} failed unexpectedly: ${line.error?.class}: ${line.error?.message}`);
    }
    if (line.ch === 'hang') hangs = true;
    if (line.ch === 'hang' && !scenario.hangs) {
      const awaited = line.awaited === undefined ? '' : `: it waited for ${line.awaited}`;
      problems.push(`${line.op} did not end before its deadline${awaited}`);
    }
  }
  if (scenario.crashes && !crashes) problems.push('an error was expected to escape and none did');
  if (scenario.hangs && !hangs) problems.push('a step was expected to hang and none did');
  if (scenario.opening !== opening) problems.push('the client was expected not to open and did');
  if (hangs || opening === 'error') return problems;
  const steps = scenario.steps.filter((step) => 'call' in step || 'start' in step).length;
  const calls = lines.filter((line) => line.ch === 'call').length;
  if (calls < steps) problems.push(`${calls} of ${steps} calls were made: a golden needs them all`);
  for (const lane of expected) if (!failed.has(lane)) problems.push(`lane ${lane} was expected to fail and did not`);
  return problems;
}

const laneOfStep = (step: object): string => String('as' in step && step.as !== undefined ? step.as : 'main');
