import { cellPath } from '../../../../cell/cell-path.ts';
import { clientFacts } from '../../../../clients/clients.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { cellHash, pageHash } from '../shared/route.ts';
import { Word } from '../shared/word.tsx';

/** A promise of the SDK that the ledger touches: what it says, what proves it, and which differences are about it. */
export function BehaviourPage({ report, id }: { report: ReportIndex; id: string }) {
  const behaviour = report.behaviours.get(id);
  const entries = report.model.ledger.filter(({ behaviours = [] }) => behaviours.includes(id));
  return (
    <>
      <nav aria-label="Way back" class="way-back">
        <a href="#/">← The report</a>
      </nav>
      <h1 tabIndex={-1}>{behaviour === undefined ? 'No such behaviour' : `Behaviour ${behaviour.id}`}</h1>
      {behaviour === undefined ? (
        <p>
          The ledger of this report names no behaviour <code>{id}</code>.
        </p>
      ) : (
        <>
          <p class="lead">{behaviour.title}</p>
          <section class="section" aria-labelledby="proof">
            <h2 id="proof">Proven by</h2>
            <ul>
              {behaviour.proof.map((proof) => (
                <li key={proof}>
                  <Proof report={report} proof={proof} />
                </li>
              ))}
            </ul>
            <p class="note">
              Every <Word of="behaviour" /> stands in <code>fixtures/behaviours.yaml</code>, with a deliberate bug under
              which its proof must fail.
            </p>
          </section>
        </>
      )}
      {entries.length > 0 && (
        <section class="section" aria-labelledby="entries">
          <h2 id="entries">Known differences about it</h2>
          <ul>
            {entries.map((entry) => (
              <li key={entry.id}>
                <a href={pageHash('known', entry.id)}>{entry.id}</a> {entry.reason}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** A test by its file and name; a scenario leads to our cell of it. */
function Proof({ report, proof }: { report: ReportIndex; proof: string }) {
  const cells = report.byScenario.get(proof) ?? [];
  const cell =
    cells.find(({ client, verdict }) => clientFacts(client).maker === 'ours' && verdict !== 'not-applicable') ??
    cells[0];
  return cell === undefined ? (
    <code>{proof}</code>
  ) : (
    <>
      {'scenario '}
      <a href={cellHash(cellPath(cell))}>{proof}</a>
    </>
  );
}
