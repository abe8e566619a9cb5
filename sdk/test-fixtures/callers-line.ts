import { CodexError } from '../errors/codex-error.ts';

/** It calls and does not wait: its line is known all the same. */
export function theCaller(call: () => unknown): unknown {
  return call();
}

/** A stream fails where it is read. */
export async function theReader(values: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of values);
}

/** What a call, or the reading of the stream that it returns, fails with. Undefined if it does not fail. */
export async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    const made = theCaller(call);
    const values = made instanceof Promise ? await made : made;
    const isStream = typeof values === 'object' && values !== null && Symbol.asyncIterator in values;
    if (isStream) await theReader(values as AsyncIterable<unknown>);
    return undefined;
  } catch (error) {
    return error;
  }
}

const line = /^ {4}at (async )?(theCaller|theReader) \(.*test-fixtures\/callers-line\.ts:\d+:\d+\)$/;
const ofTests = /\.test\.ts|test-fixtures/;

/** What is wrong with an error's stack, which must show the caller's line, in an error of ours above our own. */
export function wrongStack(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `not an error: ${String(error)}`;
  const frames = (error.stack ?? '').split('\n').filter((one) => /^ {4}at /.test(one));
  const at = frames.findIndex((frame) => line.test(frame));
  if (at < 0) return `no line of the caller: ${error.stack}`;
  if (!(error instanceof CodexError)) return undefined;
  const ours = frames.slice(0, at).filter((frame) => /\/sdk\/|node:internal/.test(frame) && !ofTests.test(frame));
  // Of a stream, the generator's own line stands above.
  if (ours.length > (frames[at]?.includes('theReader') ? 2 : 0)) return `our own lines first: ${error.stack}`;
  const head = `${error.name}: ${error.message}`.slice(0, 200);
  return error.stack?.startsWith(head) ? undefined : `another beginning: ${error.stack}`;
}
