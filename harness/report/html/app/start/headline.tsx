import { headlineOf } from '../../../../summary/headline.ts';
import { passedAndFailed } from '../../../../summary/summary.ts';
import { count } from '../shared/count.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { Word } from '../shared/word.tsx';
import { Scores } from './scores.tsx';

/** Whether the run is at parity, what that means, and the score of each client of ours. */
export function Headline({ report }: { report: ReportIndex }) {
  const { summary } = report.model;
  const { scope } = summary;
  const { shares } = headlineOf(summary);
  const { passed, failed } = passedAndFailed(summary);
  const [tone, sign, says] =
    failed > 0
      ? ['bad', '✗', 'Not at parity']
      : passed === 0
        ? ['quiet', '–', 'Nothing was judged']
        : scope.whole
          ? ['good', '✓', 'At parity']
          : ['warn', '◐', 'At parity in this part'];
  return (
    <header class="hero">
      <div class="title">
        <h1 tabIndex={-1}>Parity report</h1>
        <p class={`pill ${tone}`}>
          <span aria-hidden="true">{sign} </span>
          <strong>{says}</strong>
          {failed > 0 && `: ${count(failed)} ${failed === 1 ? 'failure' : 'failures'}`}
        </p>
      </div>
      <p class="lead">
        Twinproof performs the same <Word of="scenario">scenarios</Word> with the official Codex SDKs and with ours, on
        the same <Word of="engine" />, and compares everything that happens: what a user of the SDK sees, and every
        message on the <Word of="wire" />. What differs is a <Word of="known-difference" /> with its reason, or a
        failure.
      </p>
      {!scope.whole && scope.part !== undefined && (
        <p class="problem warn">{`This run is a part of the whole: ${scope.part}. Only a whole run proves parity.`}</p>
      )}
      {summary.ledger.problems.map((problem) => (
        <p key={problem} class="problem">
          {`Ledger: ${problem}`}
        </p>
      ))}
      {summary.problems.map((problem) => (
        <p key={problem} class="problem">
          {problem}
        </p>
      ))}
      <Scores report={report} />
      {shares !== undefined && <p class="note">{`${shares}.`}</p>}
      <Run report={report} />
    </header>
  );
}

/** The run in one line. */
function Run({ report }: { report: ReportIndex }) {
  const { engine, engines, begun, commit, dirty, durationMs, scenarios } = report.model.summary;
  const judged = report.shown.filter(({ verdict }) => verdict !== 'not-applicable').length;
  const others = engines.map(({ version }) => version).filter((version) => version !== engine.version);
  return (
    <p class="run">
      <span>{`Engine ${[engine.version, ...others].join(', ')}`}</span>
      <span>{`${count(scenarios)} scenarios`}</span>
      <span>
        {count(judged)} <Word of="cell">cells</Word>
      </span>
      <span>{durationWords(durationMs)}</span>
      {commit !== null && (
        <span>
          commit <code>{commit.slice(0, 10)}</code>
          {dirty && ' with changes'}
        </span>
      )}
      <span>{`${begun.slice(0, 10)} ${begun.slice(11, 16)} UTC`}</span>
    </p>
  );
}

function durationWords(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
