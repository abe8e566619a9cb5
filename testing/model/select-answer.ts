import { isObject, type JsonObject, type JsonValue } from '../json/json.ts';
import type { ModelAnswer } from './model-answer.ts';

/** The script as it is used up: one answer per request. */
export interface AnswerScript {
  /** The answer to this request, removed from the script; undefined if the script has none for it. */
  take(body: JsonObject): ModelAnswer | undefined;
  /** The answers that no request has asked for yet, in the script's order. */
  unconsumed(): ModelAnswer[];
}

/**
 * Chooses the next unused answer whose `for` occurs in the request's newest user text, otherwise the next one without
 * `for`.
 */
export function createAnswerScript(answers: readonly ModelAnswer[]): AnswerScript {
  const left = [...answers];
  return {
    take(body) {
      const text = newUserText(body);
      let index = left.findIndex((answer) => answer.for !== undefined && text.includes(answer.for));
      if (index < 0) index = left.findIndex((answer) => answer.for === undefined);
      return index < 0 ? undefined : left.splice(index, 1)[0];
    },
    unconsumed: () => [...left],
  };
}

/**
 * The text of the newest run of user messages in a request's `input`. Every request repeats the whole history, and the
 * request after a tool call ends with the tool's output. The user's last words still identify the turn.
 */
function newUserText(body: JsonObject): string {
  const input = Array.isArray(body.input) ? body.input : [];
  const texts: string[] = [];
  for (let i = input.length - 1; i >= 0; i--) {
    const item = input[i];
    if (isUserMessage(item)) texts.unshift(contentText(item.content));
    else if (texts.length > 0) break;
  }
  return texts.join('\n');
}

function isUserMessage(item: JsonValue | undefined): item is JsonObject {
  return isObject(item) && item.role === 'user';
}

function contentText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}
