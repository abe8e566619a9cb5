import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ReportCell, ReportScenario } from '../../../model.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { Section } from '../shared/section.tsx';

export interface SourceProps {
  report: ReportIndex;
  cell: ReportCell;
  scenario: ReportScenario;
}

/** The scenario's source, with the line marked at which a failing cell failed. */
export function SourceSection({ report, cell, scenario }: SourceProps) {
  const text = report.model.sources[scenario.file];
  const { failedAt } = cell;
  return (
    <Section id="source" title="Scenario">
      <p>
        <code>{failedAt === undefined ? scenario.file : `${scenario.file}:${failedAt}`}</code>
        {failedAt !== undefined && ' failed at the marked line'}
      </p>
      {text !== undefined && (
        <details open={failedAt !== undefined}>
          <summary>Its text</summary>
          <Lines text={text} marked={failedAt} />
        </details>
      )}
    </Section>
  );
}

function Lines({ text, marked }: { text: string; marked: number | undefined }) {
  const box = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    const mark = box.current?.querySelector('mark');
    // Not scrollIntoView: that would move the page as well.
    if (box.current && mark) box.current.scrollTop = mark.offsetTop - box.current.clientHeight / 2;
  }, [marked]);
  return (
    <pre ref={box} tabIndex={0} class="source">
      {text.split('\n').map((line, index) => {
        const numbered = `${String(index + 1).padStart(4)}  ${line}\n`;
        return index + 1 === marked ? <mark key={index}>{numbered}</mark> : numbered;
      })}
    </pre>
  );
}
