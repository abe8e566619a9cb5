import type { CellCoverage } from './coverage-file.ts';

/** What a scenario file adds to all others. */
export interface Marginal {
  file: string;
  /** How many scenarios it expands into; 1 without a matrix. */
  cases: number;
  /** How many points, and mutants, it covers. */
  covers: number;
  /** Those that no other file covers. */
  alone: string[];
}

/**
 * What only one scenario file covers, the most useful first, those that add nothing last. The cases of a matrix are one file's: they are no competitors of
 * each other. A point on the real engine and the same from a script are two.
 * @param fileOf the file's id of a scenario that a matrix expanded into; others are files of their own
 * @param killed mutants by the scenario that kills them
 */
export function marginals(
  cells: readonly CellCoverage[],
  fileOf: ReadonlyMap<string, string>,
  killed: ReadonlyMap<string, readonly string[]>,
): Marginal[] {
  const files = new Map<string, { cases: Set<string>; points: Set<string> }>();
  const owners = new Map<string, Set<string>>();
  const add = (scenario: string, points: Iterable<string>) => {
    const name = fileOf.get(scenario) ?? scenario;
    const file = files.get(name) ?? { cases: new Set(), points: new Set() };
    files.set(name, file);
    file.cases.add(scenario);
    for (const point of points) {
      file.points.add(point);
      owners.set(point, (owners.get(point) ?? new Set()).add(name));
    }
  };
  for (const { scenario, engine, points } of cells)
    add(
      scenario,
      [...points].map((point) => `${point} (${engine})`),
    );
  for (const [scenario, mutants] of killed)
    add(
      scenario,
      mutants.map((mutant) => `mutant ${mutant}`),
    );
  const found = [...files].map(([file, { cases, points }]) => {
    const alone = [...points].filter((point) => owners.get(point)?.size === 1);
    return { file, cases: cases.size, covers: points.size, alone };
  });
  return found.sort((a, b) => b.alone.length - a.alone.length || (a.file < b.file ? -1 : 1));
}
