import { engineName } from '../cell/cell-path.ts';
import { type EngineKind, isGuest } from '../clients/clients.ts';

/** The command that runs just this cell again, and leaves the report as it is. */
export function rerunCommand(cell: {
  scenario: string;
  client: string;
  engine: EngineKind;
  engineVersion?: string;
}): string {
  const driver = isGuest(cell.client) ? " --driver '…'" : '';
  return `npm run parity -- rerun ${cell.scenario}/${cell.client}/${engineName(cell)}${driver}`;
}
