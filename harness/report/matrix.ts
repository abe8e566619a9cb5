import { engineName } from '../cell/cell-path.ts';
import type { CellResult, Verdict } from '../cell/types.ts';
import type { Paint } from './paint.ts';

const signs: Record<Verdict, { sign: string; colour: keyof Paint }> = {
  match: { sign: 'match', colour: 'green' },
  'known-difference': { sign: 'known', colour: 'yellow' },
  'not-applicable': { sign: 'n/a', colour: 'dim' },
  baseline: { sign: 'baseline', colour: 'yellow' },
  mismatch: { sign: 'MISMATCH', colour: 'red' },
  'stale-known-difference': { sign: 'STALE', colour: 'red' },
  'could-not-run': { sign: 'NO RUN', colour: 'red' },
};

/** Worst first: what a cell that ran several times shows. */
const worst: Verdict[] = [
  'could-not-run',
  'mismatch',
  'stale-known-difference',
  'known-difference',
  'baseline',
  'match',
  'not-applicable',
];

const columnOf = ({ client, platform, ...cell }: CellResult): string =>
  [client, engineName(cell), platform].filter((part) => part !== undefined).join(' ');

/** Scenario × client on engine, one line a scenario. Plain text; pure. */
export function renderMatrix(results: readonly CellResult[], paint: Paint): string[] {
  const columns = [...new Set(results.map(columnOf))];
  const rows = [...new Set(results.map(({ scenario }) => scenario))];
  const first = Math.max(8, ...rows.map((row) => row.length));
  const widths = columns.map((column) => Math.max(column.length, 8));
  const head = [
    'scenario'.padEnd(first),
    ...columns.map((column, index) => column.padEnd(widths[index] as number)),
  ].join('  ');
  const body = rows.map((row) => {
    const cells = columns.map((column, index) => {
      const here = results.filter((cell) => cell.scenario === row && columnOf(cell) === column);
      const verdict = worst.find((candidate) => here.some((cell) => cell.verdict === candidate));
      const { sign, colour } = verdict === undefined ? { sign: 'not run', colour: 'dim' as const } : signs[verdict];
      const again = here.length > 1 ? ` ×${here.length}` : '';
      return paint[colour](`${sign}${again}`.padEnd(widths[index] as number));
    });
    return [row.padEnd(first), ...cells].join('  ');
  });
  return [paint.bold(head), ...body];
}
