import { percent } from '../../../testing/text.ts';
import type { EngineKind } from '../../clients/clients.ts';
import type { CellCoverage } from './coverage-file.ts';
import { type Exclusion, excludes } from './exclusions.ts';
import { type CoverageKind, type CoveragePoint, coverageKinds, splitPoint } from './kinds.ts';

/** For one kind. Each point counts once, however many cells cover it. */
export interface KindCoverage {
  /** Covered on either engine. */
  hit: number;
  /** Covered on the real engine. */
  real: number;
  /** How many the contract has. */
  total: number;
  /** Points that neither engine can show, each with a reason. */
  excluded: number;
  /** Points that the real engine cannot show, including those of `excluded`. */
  excludedReal: number;
  /** `CLIENT ENGINE` → how many points its cells cover. */
  by: Record<string, number>;
  /** Names that are covered on neither engine and not excluded. */
  missing: string[];
  /** The same for the real engine. */
  missingReal: string[];
}

export interface CoverageReport {
  kinds: Record<CoverageKind, KindCoverage>;
  /** Wrong exclusions: what they exclude is covered, or there is nothing that they exclude. */
  problems: string[];
}

/** What the cells cover, out of all points. Points that are not in the totals are ignored. */
export function coverageReport(
  totals: ReadonlyMap<CoverageKind, ReadonlySet<CoveragePoint>>,
  cells: readonly CellCoverage[],
  exclusions: readonly Exclusion[],
): CoverageReport {
  const seen: Record<EngineKind, Set<CoveragePoint>> = { real: new Set(), fake: new Set() };
  const byClient = new Map<string, Set<CoveragePoint>>();
  for (const { client, engine, points } of cells) {
    const name = `${client} ${engine}`;
    const own = byClient.get(name) ?? new Set();
    byClient.set(name, own);
    for (const point of points) {
      own.add(point);
      seen[engine].add(point);
    }
  }
  const problems = exclusions.flatMap((exclusion) => problemsOf(exclusion, totals, seen));
  const either = new Set([...seen.real, ...seen.fake]);
  const kinds = [...totals].map(([kind, points]): [CoverageKind, KindCoverage] => {
    const all = [...points];
    const isOut = (point: CoveragePoint, on: EngineKind) => exclusions.some((one) => excludes(one, point, on));
    const outReal = new Set(all.filter((point) => isOut(point, 'real')));
    const out = new Set([...outReal].filter((point) => isOut(point, 'fake')));
    const names = (missing: CoveragePoint[]) => missing.map((point) => splitPoint(point).name);
    const count = (covered: ReadonlySet<CoveragePoint>) => all.filter((point) => covered.has(point)).length;
    return [
      kind,
      {
        hit: count(either),
        real: count(seen.real),
        total: all.length,
        excluded: out.size,
        excludedReal: outReal.size,
        by: Object.fromEntries([...byClient].map(([name, covered]) => [name, count(covered)])),
        missing: names(all.filter((point) => !either.has(point) && !out.has(point))),
        missingReal: names(all.filter((point) => !seen.real.has(point) && !outReal.has(point))),
      },
    ];
  });
  return { kinds: Object.fromEntries(kinds) as CoverageReport['kinds'], problems };
}

function problemsOf(
  exclusion: Exclusion,
  totals: ReadonlyMap<CoverageKind, ReadonlySet<CoveragePoint>>,
  seen: Record<EngineKind, ReadonlySet<CoveragePoint>>,
): string[] {
  const engines: EngineKind[] = exclusion.engine === undefined ? ['real', 'fake'] : [exclusion.engine];
  const problems: string[] = [];
  for (const kind of exclusion.kinds) {
    for (const name of exclusion.names) {
      const one = { ...exclusion, kinds: [kind], names: [name] };
      const points = [...(totals.get(kind) ?? [])].filter((point) => engines.some((on) => excludes(one, point, on)));
      if (points.length === 0) problems.push(`${kind} ${name} excludes nothing`);
      const hit = points.find((point) => engines.some((on) => seen[on].has(point)));
      if (hit !== undefined) problems.push(`${kind} ${name} is excluded, but ${hit} is covered`);
    }
  }
  return problems;
}

/** A row of figures; `behaviours` is shown next to the contract's kinds. */
export interface Figures {
  hit: number;
  total: number;
  excluded: number;
}

/** A table with a row for each kind and a column for each client on an engine. Plain text, one line each; pure. */
export function renderCoverage({ kinds }: CoverageReport, behaviours: Figures | undefined): string[] {
  const columns = [...new Set(Object.values(kinds).flatMap(({ by }) => Object.keys(by)))].sort(byEngine);
  const rows: string[][] = [['', 'direction', 'total', 'excluded', 'covered', 'real', ...columns]];
  for (const [kind, { title, direction }] of Object.entries(coverageKinds)) {
    const { hit, real, total, excluded, by } = kinds[kind as CoverageKind];
    const own = columns.map((column) => String(by[column] ?? 0));
    rows.push([title, direction, String(total), String(excluded), share(hit, total - excluded), String(real), ...own]);
  }
  if (behaviours !== undefined) {
    const { hit, total, excluded } = behaviours;
    rows.push([
      'behaviours',
      '',
      String(total),
      String(excluded),
      share(hit, total - excluded),
      '',
      ...columns.map(() => ''),
    ]);
  }
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** The real engine first, the reference before the other clients. */
function byEngine(a: string, b: string): number {
  const rank = (column: string) => `${column.endsWith(' real') ? 0 : 1}${column.startsWith('python') ? 0 : 1}${column}`;
  return rank(a) < rank(b) ? -1 : 1;
}

const share = (hit: number, total: number): string => `${hit} (${percent(total === 0 ? 1 : hit / total, 0)})`;
