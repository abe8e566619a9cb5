import { fromMaker } from '../errors/callers-line.ts';

/**
 * A web stream of what a reader gets, as UTF-8: texts as they are, anything else as a line of JSON. It reads nothing ahead:
 * each value is asked for when the consumer wants one, and cancelling it leaves the reader.
 * @param called the method that the program has called, whose line its errors show
 */
export function byteStream(
  values: AsyncGenerator<unknown, void, void>,
  called: object,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const errorOf = fromMaker(called);
  const encoder = new TextEncoder();
  // Half of a character that was cut in two waits for the next piece.
  let half = '';
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        for (;;) {
          const { done = false, value } = await values.next().catch((error: unknown) => {
            throw errorOf(error);
          });
          const text = half + (done ? '' : typeof value === 'string' ? value : `${JSON.stringify(value)}\n`);
          half = !done && /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : '';
          const bytes = encoder.encode(half === '' ? text : text.slice(0, -1));
          if (bytes.length > 0) controller.enqueue(bytes);
          if (done) controller.close();
          if (done || bytes.length > 0) return;
        }
      },
      cancel: async () => void (await values.return()),
    },
    { highWaterMark: 0 },
  );
}
