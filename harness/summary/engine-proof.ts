import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { clientsWhere } from '../clients/clients.ts';
import { readChecked } from '../data/schemas.ts';
import type { RunResult } from '../run/run-result.ts';
import type { EngineFigures } from './engine-figures.ts';
import { HistoryError } from './history-entry.ts';
import type { OurFigures } from './our-figures.ts';
import type { Summary } from './summary.ts';

/** The schema that each of these files names: `fixtures/schema/engine-proof.schema.json`. */
export const engineProofSchema = '../schema/engine-proof.schema.json';

/** What the last committed run proved on one engine, `fixtures/engines/VERSION.json`. */
export interface EngineProof extends Omit<EngineFigures, 'ours'> {
  /** Without `knownBy` in proofs from before it was counted. */
  ours: Readonly<Record<string, Omit<OurFigures, 'knownBy'> & Partial<Pick<OurFigures, 'knownBy'>>>>;
  $schema: typeof engineProofSchema;
  schemaVersion: 1;
  /** Start of the run, ISO 8601, UTC. */
  begun: string;
  /** The commit that ran, as 10 hex digits. */
  commit: string;
  /** `process.platform` of the machines that ran it. */
  platforms: string[];
  clients: { id: string; version: string }[];
  scenarios: number;
}

const ours = clientsWhere(({ maker }) => maker === 'ours');

/** A drift that touches fewer scenarios than the most frequent ones is in the run's own summary. */
const mostChanges = 40;

/**
 * What a run proved on each of its engines. Pure. @throws HistoryError for a run of no commit, for another state than the commit's, and for an engine on which
 * a scenario or one of our clients did not run
 */
export function makeEngineProofs(
  summary: Summary,
  { results, dirty }: Pick<RunResult, 'results' | 'dirty'>,
  everything: readonly string[],
): EngineProof[] {
  const doing = 'keeping what a run proved of its engines';
  const { begun, commit, clients, platforms, engine: pin } = summary;
  if (commit === null) throw new HistoryError(expectedGot(doing, 'a run of a Git commit', 'one that names none'));
  if (dirty || summary.dirty)
    throw new HistoryError(
      expectedGot(doing, `a folder as commit ${commit.slice(0, 10)} has it`, 'one with other files'),
    );
  return summary.engines.map((figures) => {
    const { version } = figures;
    const cells = results.filter(
      ({ engine, engineVersion = pin.version }) => engine === 'real' && engineVersion === version,
    );
    const ran = new Set(cells.map(({ scenario }) => scenario));
    const missing = everything.filter((id) => !ran.has(id));
    if (missing.length > 0)
      throw new HistoryError(
        expectedGot(doing, `every scenario on engine ${version}`, `a run without ${missing.length} of them`),
      );
    for (const client of ours)
      if (figures.ours[client] === undefined)
        throw new HistoryError(
          expectedGot(doing, `both of our clients on engine ${version}`, `a run without ${client}`),
        );
    const drift = figures.drift && { ...figures.drift, changes: figures.drift.changes.slice(0, mostChanges) };
    return {
      $schema: engineProofSchema,
      schemaVersion: 1,
      begun,
      commit: commit.slice(0, 10),
      platforms: platforms.flatMap(({ platform, status }) => (status === 'not run' ? [] : [platform])),
      clients,
      scenarios: ran.size,
      ...figures,
      ...(drift && { drift }),
    };
  });
}

export const engineProofsFolder = (root: string): string => path.join(root, 'fixtures', 'engines');

/** The committed proofs, by version; none if there is no such folder. @throws Error with the name of a file that does not match the schema */
export async function readEngineProofs(root: string): Promise<Map<string, EngineProof>> {
  const folder = engineProofsFolder(root);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.json')).map((name) => path.join(folder, name));
  const proofs = await Promise.all(files.map((file) => readChecked<EngineProof>(file, 'engine-proof')));
  return new Map(proofs.map((proof) => [proof.version, proof]));
}
