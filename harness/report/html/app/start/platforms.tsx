import type { Summary } from '../../../../summary/summary.ts';
import { ColumnHeads } from '../shared/column-heads.tsx';
import { Section } from '../shared/section.tsx';

const tones = { passed: 'good', failed: 'bad', part: 'warn', 'not run': 'quiet' } as const;
const signs = { passed: '✓', failed: '✗', part: '◐', 'not run': '–' } as const;

/** Where the run ran. A platform that nobody ran proves nothing, and is never shown as if it did. */
export function PlatformsSection({ platforms }: { platforms: Summary['platforms'] }) {
  return (
    <Section
      id="platforms"
      title="Platforms"
      says={platforms.map(({ platform, status }) => `${platform} ${status}`).join(', ')}
      folded
    >
      <table>
        <ColumnHeads names={['Platform', 'Status', 'Cells']} />
        <tbody>
          {platforms.map((figures) => (
            <tr key={figures.platform}>
              <th scope="row">{figures.platform}</th>
              <td>
                <span class={`badge ${tones[figures.status]}`}>
                  <span class="sign" aria-hidden="true">
                    {signs[figures.status]}
                  </span>
                  {figures.status}
                </span>
              </td>
              <td>{wordsOf(figures)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function wordsOf(figures: Summary['platforms'][number]): string {
  if (figures.status === 'not run') return '';
  const { passed, failed, scope } = figures;
  return `${passed} passed, ${failed} failed${scope.whole ? '' : `; ${scope.part}`}`;
}
