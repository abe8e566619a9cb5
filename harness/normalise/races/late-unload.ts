import type { ObservationBody } from '../../observation/types.ts';
import { isObject, textAt } from '../wire-facts.ts';

/** What a client asks an unloading by. */
const unloading: readonly unknown[] = ['thread/archive', 'thread/delete', 'thread/unsubscribe'];

/**
 * The lines that are left out. An archived thread is said to be unloaded twice now and then: at the request, and once more when the engine's own task for it
 * has ended, which may be after the thread was taken up again (1 run of some 30, measured where `thread/resume` follows at once). A
 * second word without a `thread/resume` between them stands, and so does one that was asked for again.
 */
export function lateUnloads(lines: readonly ObservationBody[]): ReadonlySet<number> {
  const unloaded = new Set<string>();
  const resumed = new Set<string>();
  const late = new Set<number>();
  const placesOf = (thread: string | undefined) => [...unloaded].filter((place) => place.endsWith(` ${thread}`));
  lines.forEach((line, index) => {
    if (line.ch === 'wire.out' && isObject(line.msg)) {
      const thread = textAt(line.msg.params, 'threadId');
      if (line.msg.method === 'thread/resume') for (const place of placesOf(thread)) resumed.add(place);
      if (unloading.includes(line.msg.method)) for (const place of placesOf(thread)) resumed.delete(place);
    }
    const place = unloadOf(line);
    if (place === undefined) return;
    if (resumed.has(place)) late.add(index);
    else unloaded.add(place);
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
