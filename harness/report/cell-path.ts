import type { ClientId, EngineKind } from '../scenario/types.ts';

export interface CellAddress {
  scenario: string;
  client: ClientId;
  engine: EngineKind;
  /** From 1. */
  round: number;
}

/**
 * Names one run of a cell: `turns/steer/ts/real`, and `turns/steer/ts/real/2` for the second round. The key of observations in
 * `buildReportModel`, and the part of a report's deep link after `#/cell/`.
 */
export function cellPath({ scenario, client, engine, round }: CellAddress): string {
  const name = [...scenario.split('/'), client, engine].map(encodeURIComponent).join('/');
  return round === 1 ? name : `${name}/${round}`;
}
