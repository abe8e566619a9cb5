import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { readJson } from '../../testing/json/read-json.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import type { CellResult } from '../cell/types.ts';
import type { ClientId, EngineKind } from '../clients/clients.ts';
import { realPathInside } from '../data/path-inside.ts';
import { holds } from '../judging/holds.ts';
import type { Sources } from './read-sources.ts';
import type { Shard } from './shard.ts';

/** The request of a run: results of one whole must have the same. */
export interface RunRequest {
  scenario: string | null;
  family: string | null;
  /** The requested clients, or by default the available ones; including those that no selected scenario is for. */
  clients: ClientId[];
  engines: EngineKind[];
  /** Versions of the real engine. Absent in results from when there was only one: the pin. */
  engineVersions?: string[];
  offline: boolean;
  /** How often each cell ran. */
  rounds: number;
}

/**
 * `run-result.json`: everything a run found, before anything is counted. `merge` makes one from several, and `report
 * --from` reads it. Next to it are `raw/` (the observations, named by `CellResult.raw`) and `coverage.json`.
 */
export interface RunResult extends Sources {
  schemaVersion: 1;
  /** `process.platform` of the machine. */
  platform: string;
  /** Start of the run, ISO 8601, UTC. */
  begun: string;
  /** The pinned engine; `sha256` is `fake` if the real one was not available. */
  engine: { version: string; sha256: string };
  /** The requested real engines; absent in results from when there was only one. */
  engines?: { version: string; sha256: string }[];
  /** The clients that ran, with their versions. */
  clients: { id: ClientId; version: string }[];
  request: RunRequest;
  /** Which part of the whole this is; null for the whole. */
  shard: Shard | null;
  /** A run that was ended early does not have all of its cells. */
  interrupted: boolean;
  durationMs: number;
  jobs: number;
  /**
   * Each cell as judged by itself, in the order of the plan. Stale entries are known only once the ledger is compared
   * with the whole.
   */
  results: CellResult[];
}

export const runResultPath = (out: string): string => path.join(out, 'run-result.json');

/** Writes `run-result.json` into the folder of results; the file is complete or unchanged. */
export async function writeRunResult(out: string, result: RunResult): Promise<void> {
  await writeWhole(runResultPath(out), `${writeJson(result)}\n`);
}

/** A file of a folder of results. Others may have made the folder: nothing outside of it is read. */
export const inResults = (out: string, file: string): Promise<string> =>
  realPathInside(out, file, 'the folder of results');

/** @throws Error if the folder has no result of a run, or one that is broken, of another version or leads out of it */
export async function readRunResult(out: string): Promise<RunResult> {
  const action = `reading the result of a run in ${out}`;
  let result: RunResult;
  try {
    result = readJson(await readFile(await inResults(out, 'run-result.json'), 'utf8')) as unknown as RunResult;
  } catch (cause) {
    const expected = 'run-result.json, as npm run parity -- run --out DIR writes it';
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new Error(expectedGot(action, expected, `none that can be read (${got})`), { cause });
  }
  const { schemaVersion } = result;
  if (holds('result-of-other-version', schemaVersion !== 1))
    throw new Error(expectedGot(action, 'schemaVersion 1', String(schemaVersion), 'Run it again'));
  for (const cell of result.results) checkNames(cell, out);
  return result;
}

/** What of a cell becomes a path, an address or a name of a file. */
function checkNames({ scenario, platform, raw, engineVersion, reference }: CellResult, out: string): void {
  const names = { scenario, platform, raw, engineVersion, reference };
  for (const [name, value] of Object.entries(names)) {
    if (value === undefined) continue;
    const isPlain =
      typeof value === 'string' &&
      /^[A-Za-z0-9._@+-]+(?:\/[A-Za-z0-9._@+-]+)*$/.test(value) &&
      !/(?:^|\/)\.\.?(?:\/|$)/.test(value);
    if (!holds('result-leads-out', !isPlain)) continue;
    const got = JSON.stringify(value);
    throw new Error(expectedGot(`reading the result of a run in ${out}`, `a ${name} of plain words and /`, got));
  }
}
