import { CodexError } from '../errors/codex-error.ts';

/** A part of a list. */
interface Page<T> {
  data: readonly T[];
  nextCursor?: string | null;
}

/**
 * The entries of a list that comes in pages, each page asked for when the one before has been read.
 * @throws CodexError when the engine names the page that it has just given as the next
 */
export async function* pages<T>(
  first: string | null | undefined,
  fetch: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, void> {
  for (let cursor = first ?? undefined; ; ) {
    const { data, nextCursor } = await fetch(cursor);
    yield* data;
    if (nextCursor == null) return;
    if (nextCursor === cursor) throw new CodexError(`the engine names the page ${cursor} as the one after itself`);
    cursor = nextCursor;
  }
}
