import type { ClientId, EngineKind } from '../clients/clients.ts';

export interface CellAddress {
  scenario: string;
  client: ClientId;
  engine: EngineKind;
  /** The real engine's version, where it is another than the pin. */
  engineVersion?: string;
  /** From 1. */
  round: number;
  /** The platform, if it is not the run's. */
  platform?: string;
}

/** The engine in a cell's name: `real`, `fake`, and `real-0.169.0` for another engine than the pin. */
export const engineName = ({ engine, engineVersion }: Pick<CellAddress, 'engine' | 'engineVersion'>): string =>
  engineVersion === undefined ? engine : `${engine}-${engineVersion}`;

/**
 * Names what a cell is compared with: the golden, by the scenario's id, or the run of the reference on the same engine. That one itself (`drift`) is
 * compared with the golden.
 */
export const expectationName = (cell: {
  scenario: string;
  engine: EngineKind;
  engineVersion?: string;
  drift?: unknown;
}): string =>
  cell.engineVersion === undefined || cell.drift !== undefined ? cell.scenario : `${cell.scenario} ${engineName(cell)}`;

/**
 * Names one run of a cell: `turns/steer/ts/real`, `turns/steer/ts/real/2` for the second round, `turns/steer/ts/real-0.169.0` on another engine than the pin, `…/real%40darwin` for
 * another platform. It is the key of observations in `buildReportModel`, and the part of a report's deep link after
 * `#/cell/`.
 */
export function cellPath({ scenario, client, round, platform, ...of }: CellAddress): string {
  const engine = engineName(of);
  const where = platform === undefined ? engine : `${engine}@${platform}`;
  const name = [...scenario.split('/'), client, where].map(encodeURIComponent).join('/');
  return round === 1 ? name : `${name}/${round}`;
}

/** Where a cell ran, for people: `ts on real`, or `ts on real (darwin)` if the platform is not the run's. */
export function cellPlace({ client, platform, ...of }: Omit<CellAddress, 'scenario' | 'round'>): string {
  return `${client} on ${engineName(of)}${ofPlatform(platform)}`;
}

/** A cell in a list: `turns/steer ts real`, or `turns/steer ts real (darwin)` if the platform is not the run's. */
export function cellName({ scenario, client, platform, ...of }: Omit<CellAddress, 'round'>): string {
  return `${scenario} ${client} ${engineName(of)}${ofPlatform(platform)}`;
}

/** What follows the engine's name. */
export const ofPlatform = (platform: string | undefined): string => (platform === undefined ? '' : ` (${platform})`);
