import { percent } from '../../../../../testing/text.ts';
import type { Verdict } from '../../../../cell/types.ts';
import { type ClientId, clientFacts, clientIds } from '../../../../clients/clients.ts';
import { knownApart, type OurFigures } from '../../../../summary/our-figures.ts';
import { type CellFilter, everything } from '../shared/cell-filter.ts';
import { count } from '../shared/count.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { hashOf } from '../shared/route.ts';
import { isFailing, verdicts } from '../shared/verdicts.tsx';
import { Word } from '../shared/word.tsx';

/** How each client of ours compares with the official ones, then what the official clients’ own cells say. */
export function Scores({ report }: { report: ReportIndex }) {
  const { ours, guests, references } = report.model.summary;
  return (
    <div class="scores">
      {Object.entries({ ...ours, ...guests }).map(([client, figures]) => (
        <Score key={client} report={report} client={client as ClientId} figures={figures} />
      ))}
      {references.compared > 0 && <Recordings report={report} />}
    </div>
  );
}

interface ScoreProps {
  report: ReportIndex;
  client: ClientId;
  figures: OurFigures;
}

function Score({ report, client, figures }: ScoreProps) {
  const { compared, equal, known, onRealEngine, baseline } = figures;
  const { family, maker } = clientFacts(client);
  const references = clientIds.filter(
    (id) => clientFacts(id).maker === 'official' && clientFacts(id).family === family,
  );
  const failed = failing(report, (id) => id === client);
  const apart = knownApart(figures);
  const here = (chosen: CellFilter['chosen']) =>
    hashOf({ page: 'start', filter: { ...everything, chosen: { ...chosen, client: [client] } } });
  return (
    <section class="score" aria-label={`Score of ${client}`}>
      <h2>
        {client} <span class="note">{versionOf(report, client)}</span>
      </h2>
      <p class="note">
        {maker === 'ours' ? 'Our TypeScript SDK for ' : 'A client that joined this run, for '}
        <b>{family === 'exec' ? 'codex exec' : 'the app-server'}</b>
        {`, against ${references.map((id) => `${id} ${versionOf(report, id)}`.trim()).join(' and ')}`}
      </p>
      {compared === 0 ? (
        <p class="figure">Nothing was compared</p>
      ) : (
        <>
          <Figure equal={equal} compared={compared} />
          <Bar equal={equal} known={known} compared={compared} />
        </>
      )}
      <ul class="figures">
        {compared > 0 && (
          <>
            <li>
              <a href={here({ verdict: ['known-difference'] })}>{count(known)}</a>{' '}
              <Word of="known-difference">{known === 1 ? 'known difference' : 'known differences'}</Word>
              {apart > 0 && `, ${count(apart)} of them not ours or safer on purpose`}
            </li>
            <li>
              <a href={here({ engine: ['real'] })}>{count(onRealEngine)}</a> of the {count(compared)}{' '}
              <Word of="real">on the real engine</Word>
            </li>
          </>
        )}
        <li class={failed > 0 ? 'bad' : ''}>
          {failed === 0 ? '0 fail' : <a href={here({ verdict: failingVerdicts })}>{`${count(failed)} fail`}</a>}
        </li>
        {baseline > 0 && (
          <li class="note">
            {'beside them '}
            {count(baseline)} <Word of="baseline">{baseline === 1 ? 'baseline' : 'baselines'}</Word>
          </li>
        )}
      </ul>
    </section>
  );
}

const failingVerdicts: readonly Verdict[] = verdicts.flatMap(({ verdict }) => (isFailing(verdict) ? [verdict] : []));

const failing = ({ shown }: ReportIndex, isAbout: (client: ClientId) => boolean): number =>
  shown.filter(({ client, verdict }) => isAbout(client) && isFailing(verdict)).length;

const Figure = ({ equal, compared }: { equal: number; compared: number }) => (
  <p class="figure">
    <strong>{count(equal)}</strong> of <strong>{count(compared)}</strong> <Word of="equal" />
    <span class="share">{percent(equal / compared)}</span>
  </p>
);

/** Equal, known and the rest; the figures stand beside it. */
function Bar({ equal, known, compared }: { equal: number; known: number; compared: number }) {
  const parts = [
    ['good', equal],
    ['warn', known],
    ['bad', compared - equal - known],
  ] as const;
  return (
    <div class="bar" aria-hidden="true">
      {parts.map(([tone, some]) => (
        <div key={tone} class={tone} style={{ width: `${(100 * some) / compared}%` }} />
      ))}
    </div>
  );
}

const versionOf = ({ model }: ReportIndex, client: ClientId): string =>
  model.summary.clients.find(({ id }) => id === client)?.version ?? '';

/** What the score is worth: whether the recordings still hold, and how much the comparison notices. */
function Recordings({ report }: { report: ReportIndex }) {
  const { references, sensitivity } = report.model.summary;
  const { equal, known, drifted, compared } = references;
  const { tampered, flagged } = sensitivity;
  const failed = failing(report, (client) => !['ours', 'guest'].includes(clientFacts(client).maker));
  return (
    <section class="score" aria-label="The recordings">
      <h2>{failed === 0 ? 'The recordings hold' : 'The recordings do not hold'}</h2>
      <p class="note">
        The other clients, compared with their own <Word of="golden">goldens</Word>. None of our code is in these cells.
      </p>
      <Figure equal={equal} compared={compared} />
      <Bar equal={equal} known={known + drifted} compared={compared} />
      <ul class="figures">
        <li>{`${count(known)} known differences between them`}</li>
        {drifted > 0 && (
          <li>
            {`${count(drifted)} show `}
            <Word of="drift" />
          </li>
        )}
        <li class={failed > 0 ? 'bad' : ''}>{`${count(failed)} fail`}</li>
        {tampered > 0 && (
          <li>
            <Word of="sensitivity" />
            {`: ${percent(flagged / tampered)} of ${count(tampered)} deliberate changes noticed`}
          </li>
        )}
      </ul>
    </section>
  );
}
