import { isObject } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import { textAt } from '../wire-facts.ts';

/**
 * The lines to leave out. Whether the usage of an interrupted turn and the account's limits are reported depends on
 * which comes first, the interrupt or the end of the model's stream (1 run in about 20 on a loaded machine). What the
 * client makes of the usage shows in its result.
 */
export function usageOfInterrupted(lines: readonly ObservationBody[]): ReadonlySet<number> {
  // Not turns ended by a cancelled approval: the engine always reports their usage. Nor turns that were over before the
  // interrupt.
  const asked = new Set<string>();
  const interrupted = new Set<string>();
  for (const line of lines) {
    if (line.ch === 'wire.out' && isObject(line.msg) && line.msg.method === 'turn/interrupt')
      asked.add(textAt(line.msg.params, 'turnId') ?? '');
    const completed = paramsOf(line, 'turn/completed');
    const turn = textAt(completed, 'turn', 'id') ?? '';
    if (asked.has(turn) && textAt(completed, 'turn', 'status') === 'interrupted') interrupted.add(turn);
  }
  const found = new Set<number>();
  if (interrupted.size === 0) return found;
  let interrupting = false;
  lines.forEach((line, index) => {
    if (line.ch === 'wire.out' && textAt(line.msg, 'method') === 'turn/interrupt') interrupting = true;
    if (paramsOf(line, 'turn/started') !== undefined) interrupting = false;
    const usage = paramsOf(line, 'thread/tokenUsage/updated');
    if (usage !== undefined && interrupted.has(textAt(usage, 'turnId') ?? '')) found.add(index);
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
