import type { ThreadEvent } from './events.ts';
import { EventParseError } from './exec-errors.ts';

type Fields = Record<string, unknown>;

/**
 * Parses one line of the engine's output. Only what this SDK itself reads is checked; everything else is passed on
 * unchanged, including unknown events and items. Usage gets `cache_write_input_tokens` 0 if an engine does not report
 * it.
 * @throws EventParseError, with the line
 */
export function parseEvent(line: string): ThreadEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new EventParseError(`Failed to parse item: ${line}`, { cause });
  }
  if (!isObject(event)) return refuse('event payload (expected object)', line);
  const { type } = event;
  if (typeof type !== 'string') return refuse('event payload (missing type)', line);
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
  if (type === 'item.started' || type === 'item.updated' || type === 'item.completed') {
    const { item } = event;
    if (!isObject(item)) return refuse('item payload (expected object)', line);
    if (typeof item['type'] !== 'string') return refuse('item payload (missing type)', line);
    if (item['type'] === 'agent_message' && typeof item['text'] !== 'string') {
      return refuse('item payload (missing text)', line);
    }
  }
  return event as ThreadEvent;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(what: string, line: string): never {
  throw new EventParseError(`Invalid ${what}: ${line}`);
}
