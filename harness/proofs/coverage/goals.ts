import { percent } from '../../../testing/text.ts';
import type { LedgerEntry } from '../../verdict/ledger.ts';
import type { CoverageReport } from './coverage-report.ts';

/** The figures that the goals are judged by. */
export interface GoalFigures {
  report: CoverageReport;
  surface: { python: number; mapped: number; exceptions: number };
  /** From the last whole run (see `Summary`); undefined if there is none. */
  matchForGoal: number | undefined;
  ledger: readonly LedgerEntry[];
  /**
   * Scenario files with a reference client on the real engine that cover something no other file does (`marginal.ts`).
   */
  usefulFiles: { official: number; bare: number };
}

/** One goal, what was found and what is expected, in words. */
export interface Goal {
  name: string;
  met: boolean;
  found: string;
  expected: string;
}

const realGoals = [
  ['requests', 188],
  ['answers', 188],
  ['notifications', 60],
  ['serverRequests', 8],
  ['items', 18],
] as const;

const leastUsefulFiles = 150;

/**
 * The goals of the scenario library, for the real engine, and for the fake where the real one cannot show something.
 */
export function goals({ report, surface, matchForGoal, ledger, usefulFiles }: GoalFigures): Goal[] {
  const real = realGoals.map(([kind, expected]): Goal => {
    const { real: found, total } = report.kinds[kind];
    return {
      name: `${kind} on the real engine`,
      met: found >= expected,
      found: `${found} of ${total}`,
      expected: `at least ${expected}`,
    };
  });
  const rest = (['notifications', 'serverRequests', 'items', 'faults'] as const).map((kind): Goal => {
    const { hit, total, excluded, missing } = report.kinds[kind];
    const found = `${hit} of ${total - excluded}${missing.length > 0 ? `; not: ${missing.join(', ')}` : ''}`;
    return {
      name: `${kind} on either engine`,
      met: missing.length === 0,
      found,
      expected: 'all that are not excluded',
    };
  });
  const answered = surface.mapped + surface.exceptions;
  const useful = usefulFiles.official + usefulFiles.bare;
  const defects = ledger.filter(({ kind }) => kind === 'ts-defect').map(({ id }) => id);
  return [
    ...real,
    ...rest,
    {
      name: "the Python SDK's surface",
      met: answered >= surface.python,
      found: `${answered} of ${surface.python}`,
      expected: 'all',
    },
    {
      name: 'our cells that match before the ledger, but for what is not ours or safer on purpose',
      met: matchForGoal !== undefined && matchForGoal >= 0.9,
      found: matchForGoal === undefined ? 'no whole run' : percent(matchForGoal),
      expected: 'at least 90 % of a whole run',
    },
    {
      name: 'ledger without ts-defect',
      met: defects.length === 0,
      found: defects.length === 0 ? 'none' : defects.join(', '),
      expected: 'none',
    },
    {
      name: 'scenario files of a reference client on the real engine that cover what no other does',
      met: useful >= leastUsefulFiles,
      found: `${useful}, ${usefulFiles.bare} of them of bare JSON-RPC`,
      expected: `at least ${leastUsefulFiles}; mutants count once npm run parity -- mutation --alone has run`,
    },
    {
      name: 'exclusions',
      met: report.problems.length === 0,
      found: report.problems.length === 0 ? 'all hold' : report.problems.join('; '),
      expected: 'all hold',
    },
  ];
}
