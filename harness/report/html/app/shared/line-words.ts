import { isObject, type JsonObject, type JsonValue } from '../../../../../testing/json/json.ts';
import type { NormalisedLine } from '../../../../normalise/types.ts';

/** What a line is about, for a reader who does not want its JSON. */
export interface LineWords {
  /** Of its item, or its turn's or thread's status; undefined if it has none. */
  type: string | undefined;
  /** What is said in it; undefined if it says nothing. */
  text: string | undefined;
}

/**
 * What a line says besides its name, which is shown next to it: params, result, payload; the whole line if it has none
 * of these.
 */
export function contentOf(body: JsonObject): JsonValue {
  const { msg } = body;
  const { params, result, error } = objectOf(msg);
  return (
    params ?? result ?? error ?? msg ?? body.payload ?? body.value ?? body.args ?? body.params ?? body.error ?? body
  );
}

/** The value if it is an object, otherwise an empty one. */
export const objectOf = (value: JsonValue | undefined): Record<string, JsonValue> => (isObject(value) ? value : {});

/** Type and text of a line's item, or of what it carries instead. */
export function lineWords({ body }: NormalisedLine): LineWords {
  const content = contentOf(body);
  if (!isObject(content)) return { type: undefined, text: typeof content === 'string' ? content : undefined };
  const about = subjects.map((name) => content[name]).find(isObject) ?? content;
  const type = textIn(about, types);
  return { type, text: textOf(about) ?? (about === content ? undefined : textOf(content)) };
}

/** What a message is about, the first that it has. */
const subjects = ['item', 'entry', 'turn', 'thread', 'error', 'run', 'goal', 'plan', 'tokenUsage'];
const types = ['type', '$type', 'class', 'status', 'kind', 'eventName', 'decision'];
/** Members that are text for a reader, the most telling first. */
const texts = [
  'text',
  'delta',
  'message',
  'command',
  'query',
  'prompt',
  'review',
  'summary',
  'reason',
  'output',
  'finalResponse',
  'diff',
  'objective',
  'name',
  'path',
  'tool',
  'error',
  'mark',
];
/** Members that hold parts with texts of their own. */
const lists = ['content', 'input', 'summary', 'fragments', 'changes', 'items', 'entries', 'plan', 'questions'];

const textIn = (from: JsonObject, names: readonly string[]): string | undefined =>
  names.map((name) => from[name]).find((value): value is string => typeof value === 'string' && value !== '');

function textOf(from: JsonObject): string | undefined {
  const own = textIn(from, texts);
  if (own !== undefined) return own;
  for (const name of lists) {
    const value = from[name];
    const parts = Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
    const said = parts.flatMap((part) =>
      typeof part === 'string' ? part : isObject(part) ? (textOf(part) ?? []) : [],
    );
    if (said.length > 0) return said.join(' · ');
  }
  const { error } = from;
  return isObject(error) ? textOf(error) : undefined;
}
