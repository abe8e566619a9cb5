import { passedCells, type VerdictCounts } from '../../summary/verdict-counts.ts';
import { xmlText } from '../xml-text.ts';

export interface BadgeFacts {
  /** Whether it was a whole run: a partial run is never shown as parity. */
  whole: boolean;
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
 * A cell without an official client's golden is not parity and is not counted. Only a whole run in which nothing failed
 * is green.
 */
export function badge({ whole, verdicts, ledgerProblems, otherProblems = 0 }: BadgeFacts): Badge {
  const { passed, failed } = passedCells(verdicts);
  const proven = passed - verdicts.baseline;
  const isError = failed + ledgerProblems + otherProblems > 0;
  const ledger = ledgerProblems > 0 ? `, ${ledgerProblems} in the ledger` : '';
  const others = otherProblems > 0 ? `, ${otherProblems} of the whole` : '';
  const nothing = proven + failed === 0;
  return {
    schemaVersion: 1,
    label: whole ? 'parity' : 'parity (part)',
    message: `${nothing ? 'nothing compared' : `${proven}/${proven + failed}`}${ledger}${others}`,
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
