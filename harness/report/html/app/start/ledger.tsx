import { cellName, cellPath } from '../../../../cell/cell-path.ts';
import type { ReportCell, ReportModel } from '../../../model.ts';
import { ColumnHeads } from '../shared/column-heads.tsx';
import { groupBy } from '../shared/group-by.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { cellHash } from '../shared/route.ts';
import { ValueView } from '../shared/value.tsx';

type Entry = ReportModel['ledger'][number];

/** Every known difference with its reason and evidence, and the cells that need it. */
export function LedgerSection({ report: { model, uses } }: { report: ReportIndex }) {
  const kinds = [...groupBy(model.ledger, ({ kind }) => kind)].map(([kind, { length }]) => `${length} ${kind}`);
  return (
    <section aria-labelledby="ledger">
      <h2 id="ledger">Known differences</h2>
      {model.ledger.length === 0 ? (
        <p>The ledger is empty.</p>
      ) : (
        <>
          <p>{`${model.ledger.length} entries: ${kinds.join(', ')}.`}</p>
          <div class="scroller wide" tabIndex={0} role="region" aria-label="Entries of the ledger">
            <table class="ledger">
              <caption class="unseen">Known differences, with the reason for each</caption>
              <ColumnHeads names={['Entry', 'Kind', 'Where', 'Reason and evidence', 'Cells']} />
              <tbody>
                {model.ledger.map((entry) => (
                  <EntryRow key={entry.id} entry={entry} uses={uses.get(entry.id) ?? []} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function EntryRow({ entry, uses }: { entry: Entry; uses: readonly ReportCell[] }) {
  const { id, kind, scenario, path, clients, engines, reason, evidence, reference, client, expires } = entry;
  const until = [expires?.date, expires?.engine && `engine ${expires.engine}`].filter(Boolean).join(' or ');
  return (
    <tr>
      <th scope="row">
        {id}
        {until !== '' && <p class="note">{`until ${until}`}</p>}
      </th>
      <td>{kind}</td>
      <td>
        <code>{path}</code>
        <p class="note">{`${scenario}: ${clients.join(', ')}${engines === undefined ? '' : ` on ${engines.join(', ')}`}`}</p>
        {reference !== undefined && (
          <p class="note">
            only where the golden has <ValueView value={reference} />
          </p>
        )}
        {client !== undefined && (
          <p class="note">
            only where the client has <ValueView value={client} />
          </p>
        )}
      </td>
      <td>
        <p>{reason}</p>
        <p class="note">{evidence}</p>
      </td>
      <td class="number">{uses.length === 0 ? '0' : <Uses cells={uses} />}</td>
    </tr>
  );
}

const most = 200;

function Uses({ cells }: { cells: readonly ReportCell[] }) {
  return (
    <details>
      <summary>{String(cells.length)}</summary>
      <ul class="uses">
        {cells.slice(0, most).map((cell) => (
          <li key={cellPath(cell)}>
            <a href={cellHash(cellPath(cell))}>{cellName(cell)}</a>
          </li>
        ))}
        {cells.length > most && <li>{`and ${cells.length - most} more`}</li>}
      </ul>
    </details>
  );
}
