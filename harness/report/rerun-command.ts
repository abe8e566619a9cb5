import { engineName } from '../cell/cell-path.ts';
import type { EngineKind } from '../clients/clients.ts';

/** The command that runs just this cell again, and leaves the report as it is. */
export function rerunCommand(cell: {
  scenario: string;
  client: string;
  engine: EngineKind;
  engineVersion?: string;
}): string {
  return `npm run parity -- rerun ${cell.scenario}/${cell.client}/${engineName(cell)}`;
}
