import { cellName, cellPath } from '../../../../cell/cell-path.ts';
import type { ReportCell } from '../../../model.ts';
import { ColumnHeads } from '../shared/column-heads.tsx';
import { cellHash } from '../shared/route.ts';
import { Section } from '../shared/section.tsx';

const most = 10;

/** Where the time of the run goes. */
export function SlowestSection({ cells }: { cells: readonly ReportCell[] }) {
  const slowest = cells.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, most);
  return (
    <Section id="slowest" title="Slowest cells" says="where the time of the run goes" folded>
      <table>
        <ColumnHeads names={['Cell', 'Milliseconds']} />
        <tbody>
          {slowest.map((cell) => (
            <tr key={cellPath(cell)}>
              <th scope="row">
                <a href={cellHash(cellPath(cell))}>{cellName(cell)}</a>
              </th>
              <td class="number">{String(cell.durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
