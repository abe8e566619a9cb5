import type { ReportCell, ReportModel } from '../../../model.ts';
import { ColumnHeads } from '../shared/column-heads.tsx';
import { Section } from '../shared/section.tsx';

/** What normalising changed in this cell's observation, and why that is allowed. */
export function RulesSection({ model, cell }: { model: ReportModel; cell: ReportCell }) {
  const fired = Object.entries(model.fired[cell.fired] ?? {});
  const reasons = new Map(model.rules.map(({ name, reason }) => [name, reason]));
  return (
    <Section id="rules" title="Normalising rules that fired" says={`${fired.length} rules`} folded>
      {fired.length === 0 ? (
        <p>None.</p>
      ) : (
        <table>
          <ColumnHeads names={['Rule', 'Times', 'Reason']} />
          <tbody>
            {fired.map(([name, count]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{String(count)}</td>
                <td>{reasons.get(name) ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
