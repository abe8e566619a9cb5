import { isObject } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import { textAt } from '../wire-facts.ts';

/** The methods with which a client requests an unload. */
const unloading: readonly unknown[] = ['thread/archive', 'thread/delete', 'thread/unsubscribe'];

/**
 * The lines to leave out. Occasionally the engine reports twice that an archived thread was unloaded: at the request,
 * and again when its own task for the thread has ended, at once or after the thread was resumed (2 runs in about 60).
 * What was requested again is reported again, and stays.
 */
export function lateUnloads(lines: readonly ObservationBody[]): ReadonlySet<number> {
  const resumed = new Set<string>();
  /** Where it was reported → after how many of the client's messages, the last time. */
  const unloaded = new Map<string, number>();
  const late = new Set<number>();
  let asked = 0;
  const placesOf = (thread: string | undefined) => [...unloaded.keys()].filter((place) => place.endsWith(` ${thread}`));
  lines.forEach((line, index) => {
    if (line.ch === 'wire.out' && isObject(line.msg)) {
      asked += 1;
      const thread = textAt(line.msg.params, 'threadId');
      if (line.msg.method === 'thread/resume') for (const place of placesOf(thread)) resumed.add(place);
      if (unloading.includes(line.msg.method)) for (const place of placesOf(thread)) resumed.delete(place);
    }
    const place = unloadOf(line);
    if (place === undefined) return;
    // A second time, although the client has requested nothing in between: there is nothing it could refer to.
    if (resumed.has(place) || unloaded.get(place) === asked) late.add(index);
    unloaded.set(place, asked);
  });
  return late;
}

/** Where an unload was reported, on the wire or to which stream, and for which thread. */
function unloadOf(line: ObservationBody): string | undefined {
  if (line.ch !== 'wire.in' && line.ch !== 'event') return undefined;
  const said = line.ch === 'event' ? { method: line.method, params: line.payload } : line.msg;
  if (!isObject(said) || said.method !== 'thread/status/changed') return undefined;
  if (textAt(said.params, 'status', 'type') !== 'notLoaded') return undefined;
  return `${line.ch === 'event' ? line.lane : ''} ${textAt(said.params, 'threadId')}`;
}
