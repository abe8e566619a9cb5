import type { NormalisedLine } from '../../../../normalise/types.ts';
import { contentOf, lineWords } from './line-words.ts';

const longest = 240;

/** A line in short: its key, the type and the text of what it is about, and only where it has neither its JSON. */
export function LineWordsView({ line, withKey = true }: { line: NormalisedLine; withKey?: boolean }) {
  const { type, text } = lineWords(line);
  return (
    <>
      {withKey && (
        <>
          <b>{line.key}</b>{' '}
        </>
      )}
      {type !== undefined && <span class="type">{type}</span>}
      {text !== undefined && <q class="said">{text.length > longest ? `${text.slice(0, longest)}…` : text}</q>}
      {type === undefined && text === undefined && (
        <span class="preview">{JSON.stringify(contentOf(line.body)).slice(0, longest)}</span>
      )}
    </>
  );
}
