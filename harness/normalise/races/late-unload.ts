import { isObject } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import { textAt } from '../wire-facts.ts';

/** What a client asks an unloading by. */
const unloading: readonly unknown[] = ['thread/archive', 'thread/delete', 'thread/unsubscribe'];

/**
 * The lines that are left out. An archived thread is said to be unloaded twice now and then: at the request, and once more when the engine's own task for it
 * has ended, which may be at once or after the thread was taken up again (2 runs of some 60). What was asked for again is said again, and stands.
 */
export function lateUnloads(lines: readonly ObservationBody[]): ReadonlySet<number> {
  const resumed = new Set<string>();
  /** Where it was said → after how many of the client's messages, the last time. */
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
    // Twice, and the client has asked for nothing in between: nothing has happened that it could be said of.
    if (resumed.has(place) || unloaded.get(place) === asked) late.add(index);
    unloaded.set(place, asked);
  });
  return late;
}

/** Where an unloading was said, on the wire or to which stream, and of which thread. */
function unloadOf(line: ObservationBody): string | undefined {
  if (line.ch !== 'wire.in' && line.ch !== 'event') return undefined;
  const said = line.ch === 'event' ? { method: line.method, params: line.payload } : line.msg;
  if (!isObject(said) || said.method !== 'thread/status/changed') return undefined;
  if (textAt(said.params, 'status', 'type') !== 'notLoaded') return undefined;
  return `${line.ch === 'event' ? line.lane : ''} ${textAt(said.params, 'threadId')}`;
}
