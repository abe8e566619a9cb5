import type { CellPlan } from '../cell/types.ts';
import type { Capability, ClientId, EngineKind } from '../clients/clients.ts';
import { selectClients } from '../scenario/index.ts';
import type { LoadedScenario } from '../scenario/types.ts';

export interface PlanRequest {
  scenarios: readonly LoadedScenario[];
  /** The available clients, with what their drivers report about themselves. */
  clients: readonly { client: ClientId; capabilities: readonly Capability[] }[];
  engines: readonly EngineKind[];
  engineVersion: string;
  /** How often each cell runs. */
  rounds: number;
}

/**
 * Every cell of the request, in the order scenario, engine, client, round; cells that cannot apply carry the reason.
 */
export function planCells({ scenarios, clients, engines, engineVersion, rounds }: PlanRequest): CellPlan[] {
  return scenarios.flatMap((scenario) =>
    engines.flatMap((engine) =>
      selectClients(scenario, clients, [{ engine, version: engineVersion }]).flatMap((choice): CellPlan[] => {
        const plan = { scenario, client: choice.client, engine };
        if (!choice.applicable) return [{ ...plan, round: 1, notApplicable: choice.reason }];
        return Array.from({ length: rounds }, (_, index) => ({ ...plan, round: index + 1 }));
      }),
    ),
  );
}
