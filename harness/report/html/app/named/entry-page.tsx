import { cellName, cellPath } from '../../../../cell/cell-path.ts';
import { count } from '../shared/count.ts';
import { KindBadge, Where } from '../shared/ledger-entry.tsx';
import type { ReportIndex } from '../shared/report-index.ts';
import { cellHash, pageHash } from '../shared/route.ts';
import { Badge } from '../shared/verdicts.tsx';

const most = 500;

/** One entry of the ledger: why the difference is meant, what shows it, and which promise it touches. */
export function EntryPage({ report, id }: { report: ReportIndex; id: string }) {
  const entry = report.model.ledger.find((one) => one.id === id);
  const cells = report.uses.get(id) ?? [];
  return (
    <>
      <nav aria-label="Way back" class="way-back">
        <a href="#/">← The report</a>
      </nav>
      <h1 tabIndex={-1}>{entry === undefined ? 'No such entry' : entry.id}</h1>
      {entry === undefined ? (
        <p>
          The ledger of this report has no entry <code>{id}</code>.
        </p>
      ) : (
        <>
          <p>
            <KindBadge kind={entry.kind} />
          </p>
          <p class="lead">{entry.reason}</p>
          <section class="section" aria-labelledby="where">
            <h2 id="where">Where it differs</h2>
            <Where entry={entry} />
            {(entry.consequences ?? []).length > 0 && (
              <>
                <p>What follows from it, and is known only with it:</p>
                <ul>
                  {entry.consequences?.map((path) => (
                    <li key={path}>
                      <code>{path}</code>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </section>
          <section class="section" aria-labelledby="behaviours">
            <h2 id="behaviours">Behaviour</h2>
            {(entry.behaviours ?? []).length === 0 && <p>It touches no listed behaviour.</p>}
            <ul>
              {(entry.behaviours ?? []).map((name) => (
                <li key={name}>
                  <a href={pageHash('behaviour', name)}>{name}</a> {report.behaviours.get(name)?.title ?? ''}
                </li>
              ))}
            </ul>
          </section>
          <section class="section" aria-labelledby="evidence">
            <h2 id="evidence">Evidence</h2>
            <p>{entry.evidence}</p>
            <p>
              {cells.length === 0
                ? 'No cell of this run needs it.'
                : `${count(cells.length)} cells of this run show it:`}
            </p>
            <ul class="cells">
              {cells.slice(0, most).map((cell) => (
                <li key={cellPath(cell)}>
                  <a href={cellHash(cellPath(cell))}>{cellName(cell)}</a> <Badge verdict={cell.verdict} words="short" />
                </li>
              ))}
            </ul>
            {cells.length > most && <p>{`and ${cells.length - most} more`}</p>}
          </section>
        </>
      )}
    </>
  );
}
