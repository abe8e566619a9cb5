import { coverageKinds } from '../../../../proofs/coverage/kinds.ts';
import type { CoverageFigures, Summary } from '../../../../summary/summary.ts';
import { count } from '../shared/count.ts';
import { Section } from '../shared/section.tsx';

/** How much of the engine's protocol this run showed, a bar for each kind. */
export function CoverageSection({ coverage }: { coverage: Summary['coverage'] }) {
  const kinds = Object.entries(coverage);
  return (
    <Section id="coverage" title="Coverage" says="how much of the engine’s protocol this run showed">
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
                <th scope="col" class="number">
                  Covered
                </th>
                <th scope="col" class="number">
                  On the real engine
                </th>
                <th scope="col" class="number">
                  Excluded
                </th>
                <th scope="col">
                  <span class="unseen">Bar</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {kinds.map(([kind, figures]) => (
                <tr key={kind}>
                  <th scope="row">{titleOf(kind)}</th>
                  <td class="number">{`${count(figures.hit)} of ${count(figures.total)}`}</td>
                  <td class="number">{count(figures.real)}</td>
                  <td class="number">{figures.excluded === 0 ? '' : count(figures.excluded)}</td>
                  <td>
                    <Bar {...figures} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Section>
  );
}

const titleOf = (kind: string) =>
  Object.hasOwn(coverageKinds, kind) ? coverageKinds[kind as keyof typeof coverageKinds].title : kind;

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
