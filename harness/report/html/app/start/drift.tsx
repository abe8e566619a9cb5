import { cellPath } from '../../../../cell/cell-path.ts';
import type { EngineFigures } from '../../../../summary/engine-figures.ts';
import { driftWords } from '../../../describe-drift.ts';
import { ColumnHeads } from '../shared/column-heads.tsx';
import { cellHash } from '../shared/route.ts';
import { Section } from '../shared/section.tsx';

const most = 100;

/** What other engines than the pin show differently: each change once, with its count and a cell that shows it. */
export function DriftSection({ engines }: { engines: readonly EngineFigures[] }) {
  const drifted = engines.filter(({ drift }) => drift !== undefined && drift.changes.length > 0);
  if (drifted.length === 0) return null;
  return (
    <Section id="drift" title="Engine drift" says="what other engines show differently to the same client">
      {drifted.map((engine) => (
        <EngineDrift key={engine.version} {...engine} />
      ))}
    </Section>
  );
}

function EngineDrift({ version, drift }: EngineFigures) {
  if (drift === undefined) return null;
  const { changes, compared, drifted } = drift;
  return (
    <details class="fold">
      <summary>
        <b>{`Engine ${version}`}</b>{' '}
        {`${drifted} of ${compared} references differ from their goldens, by ${changes.length} changes.`}
      </summary>
      <div class="scroller wide" tabIndex={0} role="region" aria-label={`Engine drift, ${version}`}>
        <table class="drift">
          <ColumnHeads names={['Scenarios', 'Path', 'Golden → engine', 'Such as']} />
          <tbody>
            {changes.slice(0, most).map((change) => (
              <tr key={`${change.path} ${driftWords(change)}`}>
                <td>{change.scenarios}</td>
                <td>
                  <code>{change.path}</code>
                </td>
                <td>{driftWords(change)}</td>
                <td>
                  <a
                    href={cellHash(
                      cellPath({
                        ...change,
                        scenario: change.example,
                        engine: 'real',
                        engineVersion: version,
                        round: 1,
                      }),
                    )}
                  >
                    {change.example}
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {changes.length > most && <p class="note">{`and ${changes.length - most} more, all in summary.json`}</p>}
    </details>
  );
}
