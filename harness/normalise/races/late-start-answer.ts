import { isObject } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import { idKey, textAt } from '../wire-facts.ts';

/**
 * Where each answer to `turn/start` belongs that arrived after its turn had begun: index of the answer → index of the
 * `turn/started` that it precedes. The engine answers first, but from another task: on a loaded machine, a short turn
 * is over before its answer is written (1 cell in about 3,000). A start that was requested after its turn had begun has
 * joined it, so its answer is not late.
 */
export function lateStartAnswers(lines: readonly ObservationBody[]): ReadonlyMap<number, number> {
  const starts = new Map<string, number>();
  const begun = new Map<string, number>();
  const late = new Map<number, number>();
  lines.forEach((line, index) => {
    if ((line.ch !== 'wire.in' && line.ch !== 'wire.out') || !isObject(line.msg)) return;
    const { id, method, params, result } = line.msg;
    if (line.ch === 'wire.out' && method === 'turn/start') starts.set(idKey(id), index);
    if (line.ch !== 'wire.in') return;
    const turn = textAt(method === 'turn/started' ? params : result, 'turn', 'id');
    if (turn === undefined) return;
    if (method === 'turn/started' && !begun.has(turn)) begun.set(turn, index);
    const [asked, beginning] = [starts.get(idKey(id)), begun.get(turn)];
    if (method !== undefined || asked === undefined || beginning === undefined) return;
    starts.delete(idKey(id));
    if (asked < beginning) late.set(index, beginning);
  });
  return late;
}
