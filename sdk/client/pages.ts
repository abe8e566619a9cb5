import { forReader } from '../errors/callers-line.ts';
import { CodexError } from '../errors/codex-error.ts';
import { wrappable } from './interruptible.ts';

/** One page of a list. */
interface Page<T> {
  data: readonly T[];
  nextCursor?: string | null;
}

/**
 * Iterates over a paged list and fetches each page when the previous one has been read.
 * @throws CodexError if the engine returns no list, or names a page as the next one that it has returned before
 */
export function pages<T>(
  first: string | null | undefined,
  fetch: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, void> {
  return wrappable(elements(first, fetch));
}

async function* elements<T>(
  first: string | null | undefined,
  fetch: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, void> {
  try {
    const had = new Set<string | undefined>();
    for (let cursor = first ?? undefined; ; ) {
      const { data, nextCursor } = await fetch(cursor);
      if (!Array.isArray(data))
        throw new CodexError('the engine gives a page without the list data', { kind: 'protocol' });
      yield* data;
      had.add(cursor);
      if (nextCursor == null) return;
      if (nextCursor === cursor)
        throw new CodexError(`the engine names the page ${cursor} as the one after itself`, { kind: 'protocol' });
      // A list that leads back into itself would never end.
      if (had.has(nextCursor))
        throw new CodexError(`the engine names the page ${nextCursor} a second time`, { kind: 'protocol' });
      cursor = nextCursor;
    }
  } catch (error) {
    throw forReader(error);
  }
}
