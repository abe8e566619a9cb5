import { isObject, type JsonObject, type JsonValue } from '../json/json.ts';
import type { ModelAnswer } from './model-answer.ts';

/** The script as it is used up: one answer per request. */
export interface AnswerScript {
  /** The answer to this request, taken out of the script; `undefined` where the script has none for it. */
  take(body: JsonObject): ModelAnswer | undefined;
  /** What no request has asked for yet, in the script's order. */
  unconsumed(): ModelAnswer[];
}

/** First the next unconsumed answer whose `for` stands in the request's newest user text, else the next one without `for`. */
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
 * The text of the newest run of user messages in a request's `input`. Every request repeats the whole history, and the one after
 * a tool call ends with the tool's output: the turn that it belongs to is still told by the user's last words.
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
