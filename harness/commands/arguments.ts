import { expectedGot } from '../../native/expected-got.mjs';
import { readEngineLock } from '../../native/index.ts';
import { type ClientId, clientIds, type EngineKind, type Family, type GuestId } from '../clients/clients.ts';
import { parseShard, type Shard } from '../run/shard.ts';
import { UsageError } from './read-arguments.mjs';

/** Which engines of the window. */
export const engineVersionArg = {
  type: 'string',
  description: 'Versions of the real engine, comma-separated (default: the pin). One that is not there is downloaded',
  valueHint: 'V',
} as const;

/** Options that several commands share; each command's `--help` explains them. */
export const selectionArgs = {
  scenario: {
    type: 'string',
    description: 'Scenarios to run: ids or globs, comma-separated',
    valueHint: 'GLOB',
    multiple: true,
  },
  client: {
    type: 'string',
    description: `${clientIds.join(', ')}, comma-separated (default: all that are installed)`,
    valueHint: 'ID',
    multiple: true,
  },
  engine: {
    type: 'string',
    description: 'real, fake or both, comma-separated (default: all that are installed)',
    valueHint: 'KIND',
    multiple: true,
  },
  'engine-version': engineVersionArg,
  family: { type: 'string', description: 'app-server or exec (default: both)', valueHint: 'NAME' },
  jobs: {
    type: 'string',
    description: 'Cells to run at once (default: the number of processors, at most 4)',
    valueHint: 'N',
  },
  offline: { type: 'boolean', description: 'Compare our client with the goldens, without Python and the real engine' },
} as const;

/** A client of its own driver. */
export const driverArg = {
  type: 'string',
  description:
    'A driver that joins as a client, under the name in its hello: its command line (docs/driver-protocol.md)',
  valueHint: "'CMD'",
} as const;

/** The options of `run`; `--watch` passes them all on. */
export const runArgs = {
  ...selectionArgs,
  jobs: {
    ...selectionArgs.jobs,
    description: 'Cells to run at once (default: twice the number of processors, at most 4)',
  },
  driver: driverArg,
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
  verbose: { type: 'boolean', description: 'Print a line for each cell' },
  watch: { type: 'boolean', description: 'Keep running, and run again whatever a changed file affects' },
  json: { type: 'string', description: 'Write the summary to this file as well', valueHint: 'FILE' },
  out: {
    type: 'string',
    description: 'Folder of the results (default: out/parity; with a selection or --offline: out/part)',
    valueHint: 'DIR',
  },
} as const;

/** `run`'s options as given. */
export type RunArgs = {
  [Name in keyof typeof runArgs]?: ((typeof runArgs)[Name]['type'] extends 'boolean' ? boolean : string) | undefined;
};

/** Splits at commas, except inside `{a,b}`, which belong to the glob. */
export function list(value: string | undefined): string[] {
  return (value ?? '')
    .split(/,(?![^{}]*\})/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

const refuse = (option: string, expected: string, got: string, cause?: unknown) =>
  new UsageError(expectedGot(`reading --${option}`, expected, JSON.stringify(got)), { cause });

function oneOf<T extends string>(option: string, known: readonly T[], given: string): T {
  const found = known.find((name) => name === given);
  if (found === undefined) throw refuse(option, `one of ${known.join(', ')}`, given);
  return found;
}

/** Each value once, in the given order. Without the option, the list is empty; with it, never. */
function someOf<T extends string>(option: string, known: readonly T[], value: string | undefined): T[] {
  if (value === undefined) return [];
  const names = list(value);
  if (names.length === 0) throw refuse(option, `some of ${known.join(', ')}`, value);
  return [...new Set(names.map((name) => oneOf(option, known, name)))];
}

/** @param guest the name of the client that joins by its driver */
export const parseClients = (value: string | undefined, guest?: GuestId): ClientId[] =>
  someOf<ClientId>('client', guest === undefined ? clientIds : [...clientIds, guest], value);

const engines = ['real', 'fake'] as const;

/** `both` means every engine. */
export const parseEngines = (value: string | undefined): EngineKind[] =>
  someOf('engine', [...engines, 'both'] as const, value)
    .flatMap((name) => (name === 'both' ? engines : [name]))
    .filter((name, at, all) => all.indexOf(name) === at);

/** For a command about a single cell. */
export const parseEngine = (value: string | undefined): EngineKind | undefined =>
  value === undefined ? undefined : oneOf('engine', engines, value);

export const parseClient = (value: string | undefined, guest?: GuestId): ClientId | undefined =>
  value === undefined
    ? undefined
    : oneOf<ClientId>('client', guest === undefined ? clientIds : [...clientIds, guest], value);

/** The value of `--engine-version`: versions of the lock, each once; without one, the pin. */
export function parseEngineVersions(value: string | undefined): string[] {
  const { pin, engines } = readEngineLock();
  const versions = [...new Set(list(value))];
  for (const version of versions) {
    if (Object.hasOwn(engines, version)) continue;
    const expected = `one of ${Object.keys(engines).join(', ')}`;
    const advice = `Add it with "npm run pin -- ${version}"`;
    throw new UsageError(expectedGot('reading --engine-version', expected, JSON.stringify(version), advice));
  }
  return versions.length === 0 ? [pin] : versions;
}

/** The value of `--engine-version` where one is meant; without one, the pin. */
export function parseEngineVersion(value: string | undefined): string {
  const [version = '', another] = parseEngineVersions(value);
  if (another === undefined) return version;
  throw new UsageError(expectedGot('reading --engine-version', 'one version', 'several'));
}

export const parseFamily = (value: string | undefined): Family | undefined =>
  value === undefined ? undefined : oneOf('family', ['app-server', 'exec'] as const, value);

/** A whole number of at least 1. */
export function parseCount(option: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  const count = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(count) || count < 1)
    throw refuse(option, 'a whole number from 1', value);
  return count;
}

/** The value of `--shard`. */
export function parseShardArgument(text: string): Shard {
  try {
    return parseShard(text);
  } catch (cause) {
    throw refuse('shard', 'I/N, the Ith of N parts', text, cause);
  }
}
