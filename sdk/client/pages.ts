import { CodexError } from '../errors/codex-error.ts';

/** A part of a list. */
interface Page<T> {
  data: readonly T[];
  nextCursor?: string | null;
}

/**
 * The entries of a list that comes in pages, each page asked for when the one before has been read.
 * @throws CodexError when the engine gives no list, or names the page that it has just given as the next
 */
export async function* pages<T>(
  first: string | null | undefined,
  fetch: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, void> {
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
}
