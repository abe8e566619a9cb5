import type { ClientId, EngineKind } from '../clients/clients.ts';

export interface CellAddress {
  scenario: string;
  client: ClientId;
  engine: EngineKind;
  /** From 1. */
  round: number;
  /** The platform, if it is not the run's. */
  platform?: string;
}

/**
 * Names one run of a cell: `turns/steer/ts/real`, `turns/steer/ts/real/2` for the second round, `…/real%40darwin` for
 * another platform. It is the key of observations in `buildReportModel`, and the part of a report's deep link after
 * `#/cell/`.
 */
export function cellPath({ scenario, client, engine, round, platform }: CellAddress): string {
  const where = platform === undefined ? engine : `${engine}@${platform}`;
  const name = [...scenario.split('/'), client, where].map(encodeURIComponent).join('/');
  return round === 1 ? name : `${name}/${round}`;
}

/** Where a cell ran, for people: `ts on real`, or `ts on real (darwin)` if the platform is not the run's. */
export function cellPlace({ client, engine, platform }: Omit<CellAddress, 'scenario' | 'round'>): string {
  return `${client} on ${engine}${ofPlatform(platform)}`;
}

/** A cell in a list: `turns/steer ts real`, or `turns/steer ts real (darwin)` if the platform is not the run's. */
export function cellName({ scenario, client, engine, platform }: Omit<CellAddress, 'round'>): string {
  return `${scenario} ${client} ${engine}${ofPlatform(platform)}`;
}

/** What follows the engine's name. */
export const ofPlatform = (platform: string | undefined): string => (platform === undefined ? '' : ` (${platform})`);
