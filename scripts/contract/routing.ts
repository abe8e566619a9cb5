import type { Contract, NotificationEntry, RequestEntry } from '../../harness/contract/types.ts';
import { refName } from './type-expression.ts';

/** Where a message says which turn and which thread it belongs to. */
export interface Route {
  turn: 'turnId' | 'turn.id' | null;
  thread: 'threadId' | 'thread.id' | null;
}

/** The routes of messages, read off their payload types: a field `turnId`, or a field `turn` that is a Turn. */
export function routesOf(
  entries: Record<string, NotificationEntry | RequestEntry>,
  contract: Contract,
): Record<string, Route> {
  return Object.fromEntries(Object.entries(entries).map(([method, { params }]) => [method, routeOf(params, contract)]));
}

function routeOf(params: string | null, { schema }: Contract): Route {
  const type = params === null ? undefined : schema.definitions[params];
  const fields = type?.properties ?? {};
  const isA = (name: string, type: string): boolean => {
    const field = fields[name];
    return typeof field === 'object' && field.$ref !== undefined && refName(field.$ref) === type;
  };
  return {
    turn: fields.turnId !== undefined ? 'turnId' : isA('turn', 'Turn') ? 'turn.id' : null,
    thread: fields.threadId !== undefined ? 'threadId' : isA('thread', 'Thread') ? 'thread.id' : null,
  };
}
