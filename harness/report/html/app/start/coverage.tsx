import { coverageKinds } from '../../../../proofs/coverage/kinds.ts';
import type { CoverageFigures, Summary } from '../../../../summary/summary.ts';

/** How much of the engine's protocol this run showed, a bar for each kind. */
export function CoverageSection({ coverage }: { coverage: Summary['coverage'] }) {
  const kinds = Object.entries(coverage);
  return (
    <section aria-labelledby="coverage">
      <h2 id="coverage">Coverage of the protocol by this run</h2>
      {kinds.length === 0 ? (
        <p>Not counted.</p>
      ) : (
        <>
          <p class="note">
            Dark: shown by the real engine. Light: by the fake alone. Hatched: excluded, with a reason in
            coverage-exclusions.yaml.
          </p>
          <table class="coverage">
            <thead>
              <tr>
                <th scope="col">Kind</th>
                <th scope="col">Covered</th>
                <th scope="col">
                  <span class="unseen">Bar</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {kinds.map(([kind, figures]) => (
                <tr key={kind}>
                  <th scope="row">{titleOf(kind)}</th>
                  <td>{words(figures)}</td>
                  <td>
                    <Bar {...figures} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

const titleOf = (kind: string) =>
  Object.hasOwn(coverageKinds, kind) ? coverageKinds[kind as keyof typeof coverageKinds].title : kind;

const words = ({ hit, real, total, excluded }: CoverageFigures) =>
  `${hit} of ${total}, ${real} on the real engine${excluded > 0 ? `, ${excluded} excluded` : ''}`;

/** The figures are shown next to it, so a screen reader does not need it. */
function Bar({ hit, real, total, excluded }: CoverageFigures) {
  const share = (count: number) => `${total === 0 ? 0 : (100 * count) / total}%`;
  return (
    <div class="bar" aria-hidden="true">
      <div class="real" style={{ width: share(real) }} />
      <div class="fake" style={{ width: share(Math.max(0, hit - real)) }} />
      <div class="gap" style={{ width: share(Math.max(0, total - hit - excluded)) }} />
      <div class="excluded" style={{ width: share(excluded) }} />
    </div>
  );
}
