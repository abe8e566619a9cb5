import { drivenClients } from '../clients/driven-clients.ts';
import type { ClientId, EngineKind, Family } from '../clients/types.ts';
import { parseShard, type Shard } from '../run/shard.ts';

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options that several commands share; their meanings are in each command's `--help`. */
export const selectionArgs = {
  scenario: { type: 'string', description: 'Scenarios to run: ids or globs, comma-separated', valueHint: 'GLOB' },
  client: {
    type: 'string',
    description: `${drivenClients.join(', ')}, comma-separated (default: all that are installed)`,
    valueHint: 'ID',
  },
  engine: {
    type: 'string',
    description: 'real, fake or both, comma-separated (default: all that are installed)',
    valueHint: 'KIND',
  },
  family: { type: 'string', description: 'app-server or exec (default: both)', valueHint: 'NAME' },
  jobs: {
    type: 'string',
    description: 'Cells to run at once (default: the number of processors, at most 4)',
    valueHint: 'N',
  },
  offline: { type: 'boolean', description: 'Compare our client with the goldens, without Python and the real engine' },
} as const;

/** The options of `run`; `--watch` passes them all on. */
export const runArgs = {
  ...selectionArgs,
  repeat: {
    type: 'string',
    description: 'Run every cell N times and list those whose rounds differ',
    valueHint: 'N',
  },
  shard: {
    type: 'string',
    description: 'Run only the Ith of N parts, for `merge`; all cells of a scenario are in one part',
    valueHint: 'I/N',
  },
  watch: { type: 'boolean', description: 'Keep running, and run again whatever a changed file affects' },
  json: { type: 'string', description: 'Write the summary to this file as well', valueHint: 'FILE' },
  out: { type: 'string', description: 'Folder of the results (default: out/parity)', valueHint: 'DIR' },
} as const;

/** `run`'s options as they were given. */
export type RunArgs = {
  [Name in keyof typeof runArgs]?: ((typeof runArgs)[Name]['type'] extends 'boolean' ? boolean : string) | undefined;
};

/** What commas separate; those within `{a,b}` are the glob's own. */
export function list(value: string | undefined): string[] {
  return (value ?? '')
    .split(/,(?![^{}]*\})/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function oneOf<T extends string>(option: string, known: readonly T[], seen: string): T {
  const found = known.find((name) => name === seen);
  if (found === undefined)
    throw new UsageError(`--${option} is ${JSON.stringify(seen)}, wanted one of ${known.join(', ')}`);
  return found;
}

export const parseClients = (value: string | undefined): ClientId[] =>
  list(value).map((name) => oneOf('client', drivenClients, name));

export const parseEngines = (value: string | undefined): EngineKind[] =>
  list(value).map((name) => oneOf('engine', ['real', 'fake'] as const, name));

export const parseFamily = (value: string | undefined): Family | undefined =>
  value === undefined ? undefined : oneOf('family', ['app-server', 'exec'] as const, value);

/** A whole number of at least 1. */
export function parseCount(option: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`--${option} is ${JSON.stringify(value)}, wanted a whole number of at least 1`);
  return count;
}

/** The value of `--shard`. */
export function parseShardArgument(text: string): Shard {
  try {
    return parseShard(text);
  } catch (cause) {
    throw new UsageError(`--shard is ${(cause as Error).message}`, { cause });
  }
}
