import type { ObservationBody } from '../../observation/types.ts';
import { isObject, textAt } from '../wire-facts.ts';

/**
 * The lines that are left out: what an interrupted turn has used, and the account's limits, are told or not by who is first, the interrupt or the end of
 * the model's stream (1 run of some 20 at a loaded machine). What the client makes of usage shows in its result.
 */
export function usageOfInterrupted(lines: readonly ObservationBody[]): ReadonlySet<number> {
  const interrupted = new Set(
    lines.flatMap((line) => {
      const params = paramsOf(line, 'turn/completed');
      return textAt(params, 'turn', 'status') === 'interrupted' ? [textAt(params, 'turn', 'id')] : [];
    }),
  );
  const found = new Set<number>();
  if (interrupted.size === 0) return found;
  let interrupting = false;
  lines.forEach((line, index) => {
    if (line.ch === 'wire.out' && textAt(line.msg, 'method') === 'turn/interrupt') interrupting = true;
    if (paramsOf(line, 'turn/started') !== undefined) interrupting = false;
    const usage = paramsOf(line, 'thread/tokenUsage/updated');
    if (usage !== undefined && interrupted.has(textAt(usage, 'turnId'))) found.add(index);
    if (interrupting && paramsOf(line, 'account/rateLimits/updated') !== undefined) found.add(index);
  });
  return found;
}

/** The payload of the engine's message, on the wire or as an event. */
function paramsOf(line: ObservationBody, method: string) {
  if (line.ch === 'event') return line.method === method ? line.payload : undefined;
  if (line.ch !== 'wire.in' || !isObject(line.msg) || line.msg.method !== method) return undefined;
  return line.msg.params;
}
