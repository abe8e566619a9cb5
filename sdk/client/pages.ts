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
 * @throws CodexError if the engine returns no list, or names the page it has just returned as the next one
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
    for (let cursor = first ?? undefined; ; ) {
      const { data, nextCursor } = await fetch(cursor);
      if (!Array.isArray(data))
        throw new CodexError('the engine gives a page without the list data', { kind: 'protocol' });
      yield* data;
      if (nextCursor == null) return;
      if (nextCursor === cursor)
        throw new CodexError(`the engine names the page ${cursor} as the one after itself`, { kind: 'protocol' });
      cursor = nextCursor;
    }
  } catch (error) {
    throw forReader(error);
  }
}
