import { count } from '../shared/count.ts';
import { groupBy } from '../shared/group-by.ts';
import { type Entry, KindBadge, Where } from '../shared/ledger-entry.tsx';
import type { ReportIndex } from '../shared/report-index.ts';
import { pageHash } from '../shared/route.ts';
import { Section } from '../shared/section.tsx';
import { words } from '../shared/words.ts';

/** Every known difference with its reason, by kind; its name leads to its evidence and to the cells that need it. */
export function LedgerSection({ report }: { report: ReportIndex }) {
  const { ledger } = report.model;
  const kinds = [...groupBy(ledger, ({ kind }) => kind)].sort(([, a], [, b]) => b.length - a.length);
  return (
    <Section
      id="ledger"
      title="Known differences"
      says={ledger.length === 0 ? 'none' : kinds.map(([kind, { length }]) => `${length} ${kind}`).join(', ')}
    >
      {ledger.length === 0 && <p>The ledger is empty.</p>}
      {kinds.map(([kind, entries]) => (
        <details key={kind} class="kind-of-entry" open={ledger.length <= fewEntries}>
          <summary>
            <KindBadge kind={kind} /> <b>{count(entries.length)}</b> <span class="note">{words[kind][1]}</span>
          </summary>
          <ul class="entries" aria-label={`Known differences, ${kind}`}>
            {entries.map((entry) => (
              <EntryItem key={entry.id} report={report} entry={entry} />
            ))}
          </ul>
        </details>
      ))}
    </Section>
  );
}

/** So few are shown at once. */
const fewEntries = 12;

function EntryItem({ report, entry }: { report: ReportIndex; entry: Entry }) {
  const { length } = report.uses.get(entry.id) ?? [];
  return (
    <li>
      <div>
        <p>
          <a class="name" href={pageHash('known', entry.id)}>
            {entry.id}
          </a>
        </p>
        <p>{entry.reason}</p>
        <p class="note">
          {`Evidence: ${entry.evidence}`}
          {(entry.behaviours ?? []).map((id) => (
            <>
              {' · '}
              <a key={id} href={pageHash('behaviour', id)} data-tip={report.behaviours.get(id)?.title}>
                {id}
              </a>
            </>
          ))}
          {' · '}
          <a href={pageHash('known', entry.id)}>{length === 1 ? '1 cell' : `${count(length)} cells`}</a>
        </p>
      </div>
      <div>
        <Where entry={entry} />
      </div>
    </li>
  );
}
