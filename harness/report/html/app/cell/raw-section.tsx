import { useState } from 'preact/hooks';
import type { ReportCell } from '../../../model.ts';
import { Section } from '../shared/section.tsx';
import { useRaw } from '../shared/use-raw.ts';
import { VirtualList } from '../shared/virtual-list.tsx';

const rowHeight = 24;

/** Every recorded line, before normalising: in the report itself if there was room, and in a file next to it. */
export function RawSection({ cell }: { cell: ReportCell }) {
  const [open, setOpen] = useState(false);
  if (cell.raw === undefined && cell.embedded === undefined) return null;
  return (
    <Section id="raw" title="Raw observation">
      {cell.raw !== undefined && (
        <p class="note">
          {'Beside this report: '}
          <a href={fileAddress(cell.raw)}>{cell.raw}</a>
        </p>
      )}
      {cell.embedded !== undefined && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>All raw lines</summary>
          {open && <RawLinesView embedded={cell.embedded} />}
        </details>
      )}
    </Section>
  );
}

/** Never another scheme: the file's name is content like everything else. */
const fileAddress = (file: string) => `./${file.split('/').map(encodeURIComponent).join('/')}`;

function RawLinesView({ embedded }: { embedded: number }) {
  const raw = useRaw(embedded);
  if (raw === undefined) return <p>Unpacking…</p>;
  return (
    <VirtualList
      label="Raw lines"
      look="raw"
      count={raw.lines.length}
      rowHeight={rowHeight}
      columns="4rem max-content"
      row={(index) => (
        <div role="row" key={index} aria-rowindex={index + 1}>
          <span role="rowheader" class="number">
            {String(index + 1)}
          </span>
          <span role="cell">
            <code>{raw.lines[index] ?? ''}</code>
          </span>
        </div>
      )}
    />
  );
}
