import { channelsWithoutFake, compare, type Difference } from '../compare/compare.ts';
import type { WireChecker, WireLine } from '../contract/check-wire.ts';
import { normalise } from '../normalise/normalise.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { Observation } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { type Judgement, judge } from '../verdict/judge.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import { cellFaults, notCovered } from './cell-faults.ts';
import type { CellPlan } from './types.ts';

export interface JudgedCell extends Judgement {
  normalised: NormalisedObservation;
}

/** Normalises an observation, compares it with its golden and judges what differs. */
export function judgeCell(
  plan: CellPlan,
  observation: Observation,
  golden: NormalisedObservation,
  ledger: readonly LedgerEntry[],
  checker: WireChecker,
): JudgedCell {
  const normalised = normalise(observation);
  const faults = faultsOf(plan, observation, checker);
  const differences = compare(golden, normalised, plan.engine === 'fake' ? { ignore: channelsWithoutFake } : {});
  // What a run did not exercise is a consequence of what differs: the cause stands first.
  const late = (fault: Difference) => fault.key === notCovered;
  const all = [...faults.filter((fault) => !late(fault)), ...differences, ...faults.filter(late)];
  const cell = { scenario: plan.scenario.id, client: plan.client, engine: plan.engine };
  const baseline = golden.header.client === 'bare' || golden.header.client === 'ts';
  return { ...judge(cell, all, ledger, baseline), normalised };
}

/** Methods that the scenario itself sends raw and expects to be refused: what is wrong with them is no fault of the client. */
function methodsSentToFail(scenario: Scenario): Set<string> {
  return new Set(
    scenario.steps.flatMap((step) =>
      'call' in step && step.call.endsWith('.request') && step.expect === 'error' ? [String(step.with?.method)] : [],
    ),
  );
}

/** What is wrong with a run whatever its golden says, its wire checked against the contract. */
export function faultsOf(plan: CellPlan, observation: Observation, checker: WireChecker): Difference[] {
  const wire = observation.lines.flatMap((line): WireLine[] => {
    if (line.ch !== 'wire.in' && line.ch !== 'wire.out') return [];
    const said = { ...(line.msg !== undefined && { msg: line.msg }), ...(line.raw !== undefined && { raw: line.raw }) };
    return [
      line.ch === 'wire.in' ? { dir: 'in', ...said, ...(line.wrong && { wrong: true }) } : { dir: 'out', ...said },
    ];
  });
  const wrongOnPurpose = methodsSentToFail(plan.scenario);
  const findings = checker
    .checkWire(wire, { engine: plan.engine })
    .filter(({ blame, method }) => !(blame === 'client' && method !== null && wrongOnPurpose.has(method)));
  return cellFaults(plan.scenario, observation.lines, findings);
}
