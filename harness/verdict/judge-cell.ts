import type { CellPlan } from '../cell/types.ts';
import { type ClientId, clientFacts } from '../clients/clients.ts';
import { compare, type Difference } from '../compare/compare.ts';
import { ignoredChannels } from '../compare/ignored-channels.ts';
import type { WireChecker, WireLine } from '../contract/check-wire.ts';
import { holds } from '../judging/holds.ts';
import { normalise } from '../normalise/normalise.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { Observation } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { cellFaults } from './cell-faults.ts';
import { faultEvidence } from './fault-evidence.ts';
import { faultsShown } from './fault-kinds.ts';
import { type Judgement, judge } from './judge.ts';
import type { LedgerEntry } from './ledger.ts';

export interface JudgedCell extends Judgement {
  normalised: NormalisedObservation;
}

/**
 * Normalises an observation, compares it with its golden and judges what differs.
 * @param isExpected differences that say nothing about the client
 */
export function judgeCell(
  plan: CellPlan,
  observation: Observation,
  golden: NormalisedObservation,
  ledger: readonly LedgerEntry[],
  checker: WireChecker,
  isExpected: (difference: Difference) => boolean = () => false,
): JudgedCell {
  const normalised = normalise(observation);
  const found = differencesOf(plan, observation, normalised, golden, checker);
  const all = found.filter((difference) => !holds('difference-expected', isExpected(difference)));
  const { client, engine, engineVersion } = plan;
  const cell = { scenario: plan.scenario.id, client, engine, ...(engineVersion !== undefined && { engineVersion }) };
  // No proof of parity: no official client made it.
  const { maker } = clientFacts(golden.header.client as ClientId);
  const baseline = holds('golden-not-official', maker !== 'official');
  return { ...judge(cell, all, ledger, baseline), normalised };
}

/**
 * Everything that a cell is judged by, before the ledger: what differs from its golden, then what is wrong with the run itself. A script that was missed, a
 * message outside the contract, something left behind: each follows from what a client did differently, so the cause comes first.
 */
export function differencesOf(
  plan: CellPlan,
  observation: Observation,
  normalised: NormalisedObservation,
  golden: NormalisedObservation,
  checker: WireChecker,
): Difference[] {
  const ignore = ignoredChannels(plan.engine, plan.scenario.script !== undefined);
  const differences = compare(golden, normalised, { ignore });
  // Waiting in vain, too, follows from what did not come.
  const waits = ({ ch }: Difference) => ch === 'hang';
  return [
    ...differences.filter((difference) => !waits(difference)),
    ...differences.filter(waits),
    ...faultsOf(plan, observation, checker),
  ];
}

/**
 * Methods that the scenario itself sends raw and expects to be refused, or answers wrongly: their faults are not the
 * client's.
 */
function methodsSentToFail(scenario: Scenario): Set<string> {
  return new Set([
    ...(scenario.answers ?? []).flatMap(({ to, wrong }) => (holds('answered-wrongly', wrong === true) ? [to] : [])),
    ...scenario.steps.flatMap((step) =>
      'call' in step && step.call.endsWith('.request') && holds('expected-to-fail', step.expect === 'error')
        ? [String(step.with?.method)]
        : [],
    ),
  ]);
}

/** Whether the run showed a kind of fault. A replay has no model, so it cannot show what the model did wrong. */
function faultsShownBy(plan: CellPlan, { lines }: Observation, checker: WireChecker) {
  const owed = plan.scenario.covers.some((name) => name.startsWith('fault:'));
  const shown: ReadonlySet<string> = owed
    ? faultsShown(faultEvidence(plan.scenario, lines, plan.engine, checker))
    : new Set();
  return (kind: string) =>
    holds('fault-of-replay', plan.engine === 'fake' && kind.startsWith('model-')) ? undefined : shown.has(kind);
}

/** Whether the scenario itself writes lines, which may not be messages. */
const writesLines = ({ steps }: Scenario): boolean =>
  steps.some((step) => 'call' in step && holds('writes-lines', step.call === 'codex.send'));

/** What is wrong with a run whatever its golden says, with its wire checked against the contract. */
export function faultsOf(plan: CellPlan, observation: Observation, checker: WireChecker): Difference[] {
  const wire = observation.lines.flatMap((line): WireLine[] => {
    // The engine has no schema for what `exec` prints.
    if ((line.ch !== 'wire.in' && line.ch !== 'wire.out') || holds('exec-wire', line.run !== undefined)) return [];
    const said = { ...(line.msg !== undefined && { msg: line.msg }), ...(line.raw !== undefined && { raw: line.raw }) };
    return [
      line.ch === 'wire.in' ? { dir: 'in', ...said, ...(line.wrong && { wrong: true }) } : { dir: 'out', ...said },
    ];
  });
  const wrongOnPurpose = methodsSentToFail(plan.scenario);
  const onPurpose = (method: string | null) =>
    method === null ? writesLines(plan.scenario) : wrongOnPurpose.has(method);
  const findings = checker
    .checkWire(wire, { engine: plan.engine, scripted: plan.scenario.script !== undefined })
    .filter(({ blame, method }) => !holds('method-sent-to-fail', blame === 'client' && onPurpose(method)));
  return cellFaults(plan.scenario, observation.lines, findings, faultsShownBy(plan, observation, checker));
}
