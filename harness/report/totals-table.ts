import { clientFacts } from '../clients/clients.ts';
import { type CellTotals, passedCells } from '../summary/verdict-counts.ts';
import type { Paint } from './paint.ts';

const columns = ['equal', 'known', 'baseline', 'failed', 'not applicable'] as const;

/** Cells of each client on each engine, ours first; one line for each that had any to run. Plain text; pure. */
export function renderTotals(totals: readonly CellTotals[], paint: Paint): string[] {
  const order = ['ours', 'guest', 'official', 'none'];
  const rows = totals
    .map(({ client, engine, engineVersion, verdicts }) => {
      const { match, knownDifference, baseline, notApplicable } = verdicts;
      const { passed, failed } = passedCells(verdicts);
      return {
        rank: order.indexOf(clientFacts(client).maker),
        name: `${client} on ${engine}${engineVersion === undefined ? '' : ` ${engineVersion}`}`,
        ran: passed + failed,
        failed,
        cells: [match, knownDifference, baseline, failed, notApplicable],
      };
    })
    .filter(({ ran }) => ran > 0)
    .sort((a, b) => a.rank - b.rank);
  if (rows.length === 0) return [];
  const first = Math.max(6, ...rows.map(({ name }) => name.length));
  const line = (name: string, cells: readonly (string | number)[]) =>
    [name.padEnd(first), ...cells.map((cell, at) => String(cell).padStart((columns[at] ?? '').length))].join('  ');
  return [
    paint.bold(line('client', columns)),
    ...rows.map(({ name, failed, cells }) => (failed > 0 ? paint.red(line(name, cells)) : line(name, cells))),
  ];
}
