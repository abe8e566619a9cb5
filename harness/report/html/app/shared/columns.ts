import { engineName, ofPlatform } from '../../../../cell/cell-path.ts';
import { type ClientId, clientIds, engineKinds } from '../../../../clients/clients.ts';
import type { ReportCell } from '../../../model.ts';

/** With its platform, if that is not the run's. */
export const columnEngine = (cell: Pick<ReportCell, 'engine' | 'engineVersion' | 'platform'>): string =>
  `${engineName(cell)}${ofPlatform(cell.platform)}`;

/** The one order of clients and engines, wherever they stand beside each other: as in the table of clients, the real engine first. */
export function columnOrder(a: ReportCell, b: ReportCell): number {
  return (
    placeOf(a.client) - placeOf(b.client) ||
    compareText(a.client, b.client) ||
    engineKinds.indexOf(a.engine) - engineKinds.indexOf(b.engine) ||
    compareText(a.engineVersion ?? '', b.engineVersion ?? '') ||
    compareText(a.platform ?? '', b.platform ?? '') ||
    a.round - b.round
  );
}

const compareText = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

/** Those that are in no table, because a run was given their driver, stand last. */
function placeOf(client: ClientId): number {
  const place = (clientIds as readonly ClientId[]).indexOf(client);
  return place < 0 ? clientIds.length : place;
}
