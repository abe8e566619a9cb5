import { oursTogether } from '../../summary/headline.ts';
import { type CellTotals, passedCells, type VerdictCounts } from '../../summary/verdict-counts.ts';
import { xmlText } from '../xml-text.ts';

export interface BadgeFacts {
  /** Whether it was a whole run: a partial run is never shown as parity. */
  whole: boolean;
  /** Those of our clients are what the badge is about. */
  totals: readonly CellTotals[];
  verdicts: VerdictCounts;
  /** How many problems the ledger itself has. */
  ledgerProblems: number;
  /** How many other problems the run has. */
  otherProblems?: number | undefined;
}

/** `badge.json`: the format of shields.io's endpoint badges. */
export interface Badge {
  schemaVersion: 1;
  label: 'parity' | 'parity (part)';
  message: string;
  color: 'brightgreen' | 'yellow' | 'red' | 'lightgrey';
  isError: boolean;
}

/**
 * Counts what our clients were compared in; cells of other clients and baselines turn it red if they fail. Only a whole
 * run in which nothing failed is green.
 */
export function badge({ whole, totals, verdicts, ledgerProblems, otherProblems = 0 }: BadgeFacts): Badge {
  const { failed } = passedCells(verdicts);
  const { compared, equal, known, different } = oursTogether(totals);
  const isError = failed + ledgerProblems + otherProblems > 0;
  const nothing = compared + failed === 0;
  const counted = `${compared} compared, ${equal} equal, ${known} known${different > 0 ? `, ${different} different` : ''}`;
  const elsewhere = failed > different ? `, ${failed - different} other cells failed` : '';
  const ledger = ledgerProblems > 0 ? `, ${ledgerProblems} in the ledger` : '';
  const others = otherProblems > 0 ? `, ${otherProblems} of the whole` : '';
  return {
    schemaVersion: 1,
    label: whole ? 'parity' : 'parity (part)',
    message: `${nothing ? 'nothing compared' : counted}${elsewhere}${ledger}${others}`,
    color: isError ? 'red' : nothing ? 'lightgrey' : whole ? 'brightgreen' : 'yellow',
    isError,
  };
}

const colours: Record<Badge['color'], string> = {
  brightgreen: '#2b7a0b',
  yellow: '#8a6100',
  red: '#b3261e',
  lightgrey: '#666',
};

const characterWidth = 6.6;
const padding = 12;

/** `badge.svg`: it needs no font, script or URL from elsewhere. */
export function renderBadge({ label, message, color }: Badge, engineVersion: string): string {
  const widths = [label, message].map((text) => Math.ceil([...text].length * characterWidth) + padding);
  const [left = 0, right = 0] = widths;
  const whole = left + right;
  const text = (at: number, width: number, content: string) =>
    `    <text x="${at + width / 2}" y="14" textLength="${width - padding}">${xmlText(content)}</text>`;
  const said = `${label}: ${message}, engine ${engineVersion}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${whole}" height="20" role="img" aria-label="${xmlText(said)}">
  <title>${xmlText(said)}</title>
  <rect width="${left}" height="20" fill="#444"/>
  <rect x="${left}" width="${right}" height="20" fill="${colours[color]}"/>
  <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
${text(0, left, label)}
${text(left, right, message)}
  </g>
</svg>
`;
}
