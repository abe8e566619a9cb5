import { CodexError } from '../errors/codex-error.ts';
import { isObject } from '../rpc/is-object.ts';
import { parseJson } from '../transport/parse-json.ts';
import type { ThreadEvent } from './events.ts';
import { EventParseError, invalidItem, malformedItem } from './exec-errors.ts';

/**
 * Parses one line of the engine's output. Only what this SDK itself reads is checked; everything else is passed on
 * unchanged, including unknown events and items. Usage gets `cache_write_input_tokens` 0 if an engine does not report
 * it.
 * @throws EventParseError, with the line or its beginning
 */
export function parseEvent(line: string): ThreadEvent {
  let event: unknown;
  try {
    event = parseJson(line);
  } catch (cause) {
    throw cause instanceof CodexError ? new EventParseError(cause.message, { cause }) : malformedItem(line, { cause });
  }
  if (!isObject(event)) return refuse('event payload (expected object)', line);
  const { type } = event;
  if (typeof type !== 'string') return refuse('event payload (missing type)', line);
  // Nearly all events are of items: the first character spares them the comparisons with the others.
  if (type.charCodeAt(0) === itemInitial) return checkItem(event, type, line);
  if (type === 'thread.started' && typeof event['thread_id'] !== 'string') {
    return refuse('event payload (missing thread_id)', line);
  }
  if (type === 'turn.completed') {
    const { usage } = event;
    if (!isObject(usage)) return refuse('event payload (missing usage)', line);
    usage['cache_write_input_tokens'] ??= 0;
  }
  if (type === 'turn.failed' && !(isObject(event['error']) && typeof event['error']['message'] === 'string')) {
    return refuse('event payload (missing error message)', line);
  }
  return event as ThreadEvent;
}

const itemInitial = 'i'.charCodeAt(0);

function checkItem(event: Record<string, unknown>, type: string, line: string): ThreadEvent {
  if (type === 'item.started' || type === 'item.updated' || type === 'item.completed') {
    const { item } = event;
    if (!isObject(item)) return refuse('item payload (expected object)', line);
    if (typeof item['type'] !== 'string') return refuse('item payload (missing type)', line);
    if (item['type'] === 'agent_message' && typeof item['text'] !== 'string') {
      return refuse('item payload (missing text)', line);
    }
  }
  return event as unknown as ThreadEvent;
}

function refuse(what: string, line: string): never {
  throw invalidItem(what, line);
}
