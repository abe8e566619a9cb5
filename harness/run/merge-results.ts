import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expectedGot } from '../../native/expected-got.mjs';
import { cellPath } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import { clientIds, isGuest } from '../clients/clients.ts';
import { holds } from '../judging/holds.ts';
import type { RunResult } from './run-result.ts';
import { describeShard } from './shard.ts';

/** A result and the folder it was read from. */
export interface NamedResult {
  name: string;
  result: RunResult;
}

export interface MergedResult {
  result: RunResult;
  /** Where each raw observation is, by `cellPath` of the merged cell, below the folder's name. */
  sources: ReadonlyMap<string, string>;
}

/** Results that do not form a whole: made from different sources, or with a part missing or given twice. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}

/**
 * Merges several results into one: the shards of a run, or the runs of several platforms (each whole, or all of its
 * shards). The cells are in the order of a whole run; those of a platform other than the first name it. `durationMs` is
 * that of the longest part, because they ran side by side.
 * @throws MergeError with the name of the folder or the shard
 */
export function mergeResults(given: readonly NamedResult[]): MergedResult {
  const [first] = given as readonly [NamedResult, ...NamedResult[]];
  if (holds('merge-nothing', given.length === 0))
    throw new MergeError(expectedGot('merging results', 'at least one folder', 'none'));
  for (const { name, result } of given) {
    if (holds('merge-interrupted', result.interrupted))
      throw new MergeError(`Merging results: the run of ${name} was interrupted; run it again`);
    checkSource(first, { name, result });
  }
  const platforms = [...new Set(given.map(({ result }) => result.platform))];
  for (const platform of platforms) checkParts(given.filter(({ result }) => result.platform === platform));
  const sources = new Map<string, string>();
  const cells: CellResult[] = [];
  for (const platform of platforms) {
    for (const { name, result } of given) {
      if (result.platform !== platform) continue;
      for (const cell of result.results) {
        const merged = platform === first.result.platform ? cell : ofPlatform(cell, platform);
        cells.push(merged);
        if (cell.raw !== undefined) sources.set(cellPath(merged), path.join(name, cell.raw));
      }
    }
  }
  const all = given.map((one) => one.result);
  const versions = new Map(all.flatMap(({ clients }) => clients.map(({ id, version }) => [id, version] as const)));
  const result: RunResult = {
    ...first.result,
    dirty: all.some(({ dirty }) => dirty),
    begun: all.map(({ begun }) => begun).sort()[0] as string,
    clients: [...clientIds, ...[...versions.keys()].filter(isGuest)].flatMap((id) => {
      const version = versions.get(id);
      return version === undefined ? [] : [{ id, version }];
    }),
    shard: null,
    durationMs: Math.max(...all.map(({ durationMs }) => durationMs)),
    // Stable: within a scenario, the order is that of its shard.
    results: cells.sort((a, b) => (a.scenario < b.scenario ? -1 : a.scenario > b.scenario ? 1 : 0)),
  };
  return { result, sources };
}

/** Otherwise its observation would have the same name as the first platform's. */
const ofPlatform = (cell: CellResult, platform: string): CellResult =>
  cell.platform !== undefined
    ? cell
    : { ...cell, platform, ...(cell.raw !== undefined && { raw: cell.raw.replace(/^raw\//, `raw-${platform}/`) }) };

/** All must have been made from the same sources. */
function checkSource(first: NamedResult, { name, result }: NamedResult): void {
  const refuse = (what: string, seen: unknown, other: unknown) => {
    throw new MergeError(expectedGot(`merging ${name}`, `${what} ${other} as ${first.name} has it`, `${seen}`));
  };
  if (holds('merge-other-commit', result.commit !== first.result.commit))
    refuse('commit', result.commit, first.result.commit);
  const { engine, inputs } = first.result;
  if (holds('merge-other-engine', result.engine.version !== engine.version))
    refuse('engine', result.engine.version, engine.version);
  for (const [part, digest] of Object.entries(inputs))
    if (holds('merge-other-input', result.inputs[part] !== digest))
      refuse(`the digest of ${part} to be`, result.inputs[part], digest);
  for (const { id, version } of result.clients) {
    const other = first.result.clients.find((client) => client.id === id);
    if (holds('merge-other-client', other !== undefined && other.version !== version))
      refuse(`${id}`, version, other?.version);
  }
}

/** What ran on one platform must be one whole: a run without shards, or each shard of the same request once. */
function checkParts(parts: readonly NamedResult[]): void {
  const [first] = parts as [NamedResult, ...NamedResult[]];
  const { platform, request, shard, engine } = first.result;
  const refuse = (problem: string) => {
    throw new MergeError(`Merging results of ${platform}: ${problem}`);
  };
  const seen = new Map<number, string>();
  for (const { name, result } of parts) {
    if (holds('merge-other-request', !isDeepStrictEqual(result.request, request)))
      refuse(
        `expected all to ask for ${JSON.stringify(request)} as ${first.name} did, got ${JSON.stringify(result.request)} of ${name}`,
      );
    if (holds('merge-other-binary', result.engine.sha256 !== engine.sha256))
      refuse(`expected the engine ${engine.sha256} as ${first.name} had it, got ${result.engine.sha256} of ${name}`);
    if (result.shard === null || shard === null) {
      if (holds('merge-overlaps', parts.length > 1))
        refuse(`${parts.map((part) => part.name).join(' and ')} overlap: one of them is no shard`);
      return;
    }
    if (holds('merge-other-count', result.shard.count !== shard.count))
      refuse(`${name} is shard ${describeShard(result.shard)}, ${first.name} is ${describeShard(shard)}`);
    const twice = seen.get(result.shard.index);
    if (holds('merge-twice', twice !== undefined))
      refuse(`shard ${describeShard(result.shard)} was given twice: ${twice} and ${name}`);
    seen.set(result.shard.index, name);
  }
  const count = shard?.count ?? 0;
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((index) => !seen.has(index));
  if (holds('merge-missing', missing.length > 0))
    refuse(`shard ${missing.map((index) => describeShard({ index, count })).join(', ')} is missing`);
}
