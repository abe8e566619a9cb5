import type { CellPlan } from '../cell/types.ts';
import type { Capability, ClientId } from '../clients/clients.ts';
import { holds } from '../judging/holds.ts';
import { type EngineFacts, scenarioOn, selectClients } from '../scenario/index.ts';
import type { LoadedScenario } from '../scenario/types.ts';

/** An engine that cells run on. */
export interface Target extends EngineFacts {
  /** It is another than the pin: its cells name the version. */
  other?: boolean;
}

export interface PlanRequest {
  scenarios: readonly LoadedScenario[];
  /** The available clients, with what their drivers report about themselves. */
  clients: readonly { client: ClientId; capabilities: readonly Capability[] }[];
  targets: readonly Target[];
  /** How often each cell runs. */
  rounds: number;
}

/**
 * Every cell of the request, in the order scenario, engine, client, round; cells that cannot apply carry the reason. The
 * scenario of a cell is as its engine's version has it.
 */
export function planCells({ scenarios, clients, targets, rounds }: PlanRequest): CellPlan[] {
  return scenarios.flatMap((scenario) =>
    targets.flatMap((target) =>
      selectClients(scenario, clients, [target]).flatMap((choice): CellPlan[] => {
        const plan = {
          scenario: scenarioOn(scenario, target.version),
          client: choice.client,
          engine: target.engine,
          ...(target.other === true && { engineVersion: target.version }),
        };
        const reason = choice.applicable ? undefined : choice.reason;
        if (holds('cell-not-applicable', reason !== undefined))
          return [{ ...plan, round: 1, notApplicable: String(reason) }];
        return Array.from({ length: rounds }, (_, index) => ({ ...plan, round: index + 1 }));
      }),
    ),
  );
}
