import { oneOf, type RulesFor, signal } from '../options/check-options.ts';

/** Options of `toReadableStream()`. */
export interface ReadableStreamOptions {
  /**
   * What the bytes are: `events` and `items` are lines of JSON, one for each value of `stream()` or `items()`; `text` is
   * that of `text()`. Default: `events`.
   */
  content?: 'events' | 'items' | 'text' | undefined;
  /** Ends the reading; the stream then fails with an `AbortError`. */
  signal?: AbortSignal | undefined;
}

export const readableStreamRules: RulesFor<ReadableStreamOptions> = {
  content: oneOf('events', 'items', 'text'),
  signal,
};
