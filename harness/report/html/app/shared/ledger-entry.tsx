import type { ReportModel } from '../../../model.ts';
import { ValueView } from './value.tsx';

export type Entry = ReportModel['ledger'][number];

const tones: Readonly<Record<Entry['kind'], string>> = {
  'python-defect': 'calm',
  idiom: 'calm',
  'safer-by-design': 'calm',
  upstream: 'calm',
  'ts-defect': 'bad',
};

export const KindBadge = ({ kind }: { kind: Entry['kind'] }) => (
  <span class={`badge ${tones[kind]}`} data-word={kind}>
    {kind}
  </span>
);

/** Which cells and which path an entry is about. */
export function Where({ entry }: { entry: Entry }) {
  const { scenario, path, clients, engines, reference, client, expires } = entry;
  const until = [expires?.date, expires?.engine && `engine ${expires.engine}`].filter(Boolean).join(' or ');
  return (
    <>
      <p>
        <code class="path">{path}</code>
      </p>
      <p class="note">{`${scenario}: ${clients.join(', ')}${engines === undefined ? '' : ` on ${engines.join(', ')}`}`}</p>
      {reference !== undefined && (
        <p class="note">
          only where the golden has <ValueView value={reference} />
        </p>
      )}
      {client !== undefined && (
        <p class="note">
          only where the client has <ValueView value={client} />
        </p>
      )}
      {until !== '' && <p class="note">{`until ${until}`}</p>}
    </>
  );
}
