import { isDeepStrictEqual } from 'node:util';
import { parseYaml, readText, reportTwice } from '../../data/read-yaml.ts';
import type { Clash } from './surface-items.ts';
import type { SurfaceItem, SurfaceItems } from './types.ts';

/** A fact of Python's surface that the naming rule does not apply to, and why. */
export interface SurfaceException {
  /** Name of the fact, according to the rule; see `SurfaceItems`. */
  name: string;
  /** The corresponding fact of ours. Absent for the one of the same name; null if there is none. */
  ours?: string | null;
  reason: string;
}

/** Reads the list. @throws DataError with the place of every problem */
export async function readExceptions(file: string): Promise<SurfaceException[]> {
  return parseYaml<SurfaceException[]>(await readText(file), file, 'surface-exceptions', reportTwice('name')).value;
}

/** A fact of Python's that ours lacks or has differently. */
export interface SurfaceDifference {
  name: string;
  /** What Python has and what ours has, in words. */
  problem: string;
}

/** A fact of Python's and its result. */
export interface SurfaceFact {
  /** Name according to the rule; see `SurfaceItems`. */
  name: string;
  kind: SurfaceItem['kind'];
  owner: string;
  status: 'mapped' | 'excepted' | 'different';
  /** The corresponding fact of ours; null if there is none. */
  ours: string | null;
  /** The exception's reason, or what differs. */
  reason?: string;
}

/** The result of the comparison. Every fact of Python's is mapped, excepted or a difference. */
export interface SurfaceReport {
  /** How many facts Python's surface has, with `Async…` folded into its namesake. */
  python: number;
  /** How many of them ours has by the rule. */
  mapped: number;
  /** How many of them an entry of the exceptions explains. */
  excepted: number;
  differences: SurfaceDifference[];
  /** Exceptions that no longer explain anything. */
  stale: string[];
  /** What ours has beyond Python. */
  extra: string[];
  /** Every one of Python's, in its order. */
  facts: SurfaceFact[];
}

/** Compares Python's facts with ours, by name. */
export function compareSurface(
  python: { items: SurfaceItems; clashes: readonly Clash[] },
  ours: SurfaceItems,
  exceptions: readonly SurfaceException[],
): SurfaceReport {
  const report: SurfaceReport = { python: 0, mapped: 0, excepted: 0, differences: [], stale: [], extra: [], facts: [] };
  const used = new Set<SurfaceException>();
  const taken = new Set<string>();
  for (const [name, item] of python.items) {
    // In ours it is an object of fields that a program writes down, and nothing constructs it.
    if (item.construct && !hasConstruct(ours, item.owner)) continue;
    report.python += 1;
    taken.add(name);
    const { kind, owner } = item;
    const fact = { name, kind, owner };
    const clash = python.clashes.find((one) => one.name === name);
    const problem = clash
      ? `Python's async class differs: ${say(clash.one)}, ${say(clash.other)}`
      : differs(item, ours.get(name));
    if (problem === undefined) {
      report.mapped += 1;
      report.facts.push({ ...fact, status: 'mapped', ours: name });
      continue;
    }
    const exception = exceptions.find((entry) => entry.name === name);
    const answer = exception?.ours === undefined ? name : exception.ours;
    if (exception && (answer === null || ours.has(answer))) {
      used.add(exception);
      report.excepted += 1;
      report.facts.push({ ...fact, status: 'excepted', ours: answer, reason: exception.reason });
      if (answer !== null) taken.add(answer);
    } else {
      const gone = exception ? `; its exception names ${answer}, which ours does not have` : '';
      report.differences.push({ name, problem: problem + gone });
      report.facts.push({ ...fact, status: 'different', ours: ours.has(name) ? name : null, reason: problem });
    }
  }
  report.stale = exceptions.filter((entry) => !used.has(entry)).map(({ name }) => name);
  report.extra = extraNames(ours, taken);
  return report;
}

/** What only ours has. The parts of an extra name are not listed. */
function extraNames(ours: SurfaceItems, taken: ReadonlySet<string>): string[] {
  const isExtra = (name: string) => ours.has(name) && !taken.has(name);
  return [...ours].flatMap(([name, { kind, owner }]) => {
    const method = kind === 'parameter' ? name.replace(/\(.*$/, '()') : name;
    const inside = (name !== owner && isExtra(owner)) || (method !== name && isExtra(method));
    return isExtra(name) && !inside ? [name] : [];
  });
}

function hasConstruct(items: SurfaceItems, owner: string): boolean {
  return [...items.values()].some((item) => item.construct && item.owner === owner);
}

/** @returns what differs, in words; undefined when ours has the fact */
function differs(python: SurfaceItem, ours: SurfaceItem | undefined): string | undefined {
  if (!ours) return 'ours does not have it';
  if (python.value !== ours.value) return `value: Python ${python.value}, ours ${ours.value}`;
  if (python.place !== ours.place) return `place: Python ${python.place}, ours ${ours.place}`;
  if (python.required && ours.required === false) return 'Python always has it, ours may lack it';
  if (python.required === false && ours.required && !ours.nullable) return 'Python may lack it, ours always has it';
  if (!sameDefault(python.default, ours.default))
    return `default: Python ${JSON.stringify(python.default)}, ours ${JSON.stringify(ours.default) ?? 'none'}`;
  return undefined;
}

/** Python's None means that nothing was chosen, like our `undefined` and an empty options object. */
function sameDefault(python: SurfaceItem['default'], ours: SurfaceItem['default']): boolean {
  if (python == null) return ours == null || isDeepStrictEqual(ours, {});
  return isDeepStrictEqual(python, ours);
}

const say = (item: SurfaceItem) => JSON.stringify({ ...item, owner: undefined });
