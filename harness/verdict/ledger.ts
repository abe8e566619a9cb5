import type { JsonValue } from '../../testing/json/json.ts';
import { isObject } from '../../testing/json/json.ts';
import { keyOfJson } from '../../testing/json/write-json.ts';
import { escapeRegExp } from '../../testing/text.ts';
import type { ClientId, EngineKind } from '../clients/clients.ts';
import type { Difference } from '../compare/compare.ts';
import { parseYaml, readText, reportTwice } from '../data/read-yaml.ts';
import type { Report } from '../data/yaml-source.ts';
import { holds } from '../judging/holds.ts';
import { compareVersions, matchesId } from '../scenario/index.ts';
import type { LedgerKind } from './ledger-kinds.ts';

/** A known difference, with its reason. One path and one reproduction each. */
export interface LedgerEntry {
  id: string;
  /** Glob over scenario ids. */
  scenario: string;
  clients: ClientId[];
  /** Default: both. */
  engines?: EngineKind[];
  /** Path of the difference, `*` for one segment, `**` for the rest; see `Difference.path`. */
  path: string;
  /** The value in the golden, if the entry applies only to it; for an object, at least these members. */
  reference?: JsonValue;
  /** The value in the client, if the entry applies only to it; for an object, at least these members. */
  client?: JsonValue;
  /**
   * Paths of what must then differ too. They are explained only in a cell where `path` differs as the entry says;
   * without the cause they show. `{key}` is the operation or method that `path` differs in, and no other.
   */
  consequences?: string[];
  kind: LedgerKind;
  reason: string;
  evidence: string;
  /** Ids of `fixtures/behaviours.yaml` that the difference touches. */
  behaviours?: string[];
  /** How the difference shows in runs that nobody wrote down, whose scenarios have no place in the library. */
  explored?: Pick<LedgerEntry, 'path' | 'reference' | 'client' | 'consequences'>[];
  expires?: { date?: string; engine?: string };
  /** Line in the file. */
  line: number;
}

/** Reads the ledger. @throws DataError with the place of every problem */
export async function readLedger(file: string): Promise<LedgerEntry[]> {
  return parseLedger(await readText(file), file);
}

export function parseLedger(text: string, file: string): LedgerEntry[] {
  const { value, line } = parseYaml<Written[]>(text, file, 'known-differences', check);
  return value.map((entry, index) => ({ ...entry, line: line([index]) }));
}

type Written = Omit<LedgerEntry, 'line'>;

/** What the schema cannot say: ids that are there twice, and entries that would explain whatever differs. */
function check(entries: readonly Written[], report: Report): void {
  reportTwice('id')(entries, report);
  for (const [index, { scenario, path, reference, client, consequences = [] }] of entries.entries()) {
    // Not the glob's first part: an entry is about scenarios of one folder.
    const anywhere = alternatives(scenario).some((glob) => !/^[a-z0-9-]+(?:\/|$)/.test(glob));
    if (holds('entry-names-folder', anywhere))
      report([index, 'scenario'], `expected a glob that begins with the name of a folder, got ${scenario}`);
    // With a value beside it, an entry is about the lines alone that have it.
    const named = reference !== undefined || client !== undefined;
    const everything = !/^[a-z.]+:.*[^*/:?.]/.test(path) && !(named && /^[a-z.]+:\*$/.test(path));
    if (holds('entry-names-path', everything))
      report([index, 'path'], `expected CHANNEL:KEY with a name in it, got ${path}`);
    for (const [at, one] of consequences.entries())
      if (holds('consequence-names-key', !/^[a-z.]+:(?!\*\*)/.test(one)))
        report([index, 'consequences', at], `expected CHANNEL:KEY, and not every key, got ${one}`);
  }
}

export interface CellName {
  scenario: string;
  client: ClientId;
  engine: EngineKind;
  /** The real engine's version, where it is another than the pin. */
  engineVersion?: string;
}

/** Whether the entry is about this cell at all. */
export function appliesTo(entry: LedgerEntry, cell: CellName): boolean {
  const engines = entry.engines ?? ['real', 'fake'];
  const { engine: until } = entry.expires ?? {};
  const { engineVersion } = cell;
  const isPast = engineVersion !== undefined && until !== undefined && compareVersions(engineVersion, until) >= 0;
  if (holds('entry-until-engine', isPast)) return false;
  return (
    holds('entry-of-scenario', matchesId(cell.scenario, entry.scenario)) &&
    holds('entry-of-client', entry.clients.includes(cell.client)) &&
    holds('entry-of-engine', engines.includes(cell.engine))
  );
}

/** Whether the entry is about this difference: its path, and the values on both sides if it names them. */
export function matchesDifference(entry: LedgerEntry, difference: Difference): boolean {
  if (!holds('entry-path', pathPattern(entry.path).test(difference.path))) return false;
  const fits = (wanted: JsonValue | undefined, seen: JsonValue | undefined) =>
    wanted === undefined || has(seen, wanted);
  return holds('entry-value', fits(entry.reference, difference.expected) && fits(entry.client, difference.actual));
}

const ofKey = '{key}';

/** Whether the difference follows from one of the entry's differences that the cell has, its causes. */
export function followsFrom(entry: LedgerEntry, difference: Difference, causes: readonly Difference[]): boolean {
  const { key } = difference;
  return (entry.consequences ?? []).some((path) => {
    if (!path.includes(ofKey)) return pathPattern(path).test(difference.path);
    const ofCause = holds(
      'consequence-of-key',
      causes.some((cause) => cause.key === key),
    );
    return ofCause && pathPattern(path.replaceAll(ofKey, '**')).test(difference.path);
  });
}

/** Whether a path is one of those that the entry explains, its consequences among them. */
export function coveringPaths({ path, consequences = [] }: LedgerEntry): (path: string) => boolean {
  const patterns = [path, ...consequences].map((one) => pathPattern(one.replaceAll(ofKey, '**')));
  return (one) => patterns.some((pattern) => pattern.test(one));
}

function has(seen: JsonValue | undefined, wanted: JsonValue): boolean {
  if (!isObject(wanted)) return keyOfJson(seen) === keyOfJson(wanted);
  return isObject(seen) && Object.entries(wanted).every(([key, value]) => has(seen[key], value));
}

function pathPattern(pattern: string): RegExp {
  const segment = (text: string) => text.split('*').map(escapeRegExp).join('[^/]*');
  return new RegExp(`^${pattern.split('**').map(segment).join('.*')}$`);
}

/** Why the entry no longer holds, or undefined. `today` as YYYY-MM-DD. */
export function expiry(entry: LedgerEntry, today: string, engineVersion: string): string | undefined {
  const { date } = entry.expires ?? {};
  if (holds('entry-past-date', date !== undefined && date <= today)) return `expired on ${date}`;
  const { engine } = entry.expires ?? {};
  if (holds('entry-past-engine', engine !== undefined && compareVersions(engineVersion, engine) >= 0))
    return `expired with engine ${engine}; this is ${engineVersion}`;
  return undefined;
}

/** `faults/{a,b}` → `faults/a`, `faults/b`. */
export function alternatives(glob: string): string[] {
  const found = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(glob);
  if (found === null) return [glob];
  const [, before = '', options = '', after = ''] = found;
  return options.split(',').flatMap((option) => alternatives(`${before}${option}${after}`));
}
