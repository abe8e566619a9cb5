import { cellPath } from '../../../../cell/cell-path.ts';
import type { ReportCell } from '../../../model.ts';
import { count } from '../shared/count.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { cellHash } from '../shared/route.ts';
import { useKeys } from '../shared/use-keys.ts';
import { isFailing } from '../shared/verdicts.tsx';

/** The way from one cell to the next that is read for the same reason: the failing ones, else those of the client with the same verdict. */
export function Neighbours({ report, cell }: { report: ReportIndex; cell: ReportCell }) {
  const fails = isFailing(cell.verdict);
  const alike = report.shown.filter((other) =>
    fails ? isFailing(other.verdict) : other.verdict === cell.verdict && other.client === cell.client,
  );
  const at = alike.indexOf(cell);
  const [before, after] = [alike[at - 1], alike[at + 1]];
  const go = (to: ReportCell | undefined) => to !== undefined && location.assign(cellHash(cellPath(to)));
  useKeys({ '[': () => go(before), ']': () => go(after) });
  if (alike.length < 2) return null;
  return (
    <nav aria-label={fails ? 'Failing cells' : 'Cells alike'} class="neighbours">
      {before !== undefined && <a href={cellHash(cellPath(before))}>← Previous</a>}
      <span class="note">
        {`${count(at + 1)} of ${count(alike.length)} ${fails ? 'that fail' : `of ${cell.client} like it`}`}
      </span>
      {after !== undefined && <a href={cellHash(cellPath(after))}>Next →</a>}
    </nav>
  );
}
