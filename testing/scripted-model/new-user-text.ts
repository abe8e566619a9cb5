import { isObject, type JsonObject, type JsonValue } from '../json/json.ts';

/**
 * The text of the newest run of user messages in a request's `input`. Every request repeats the whole history, and the one after
 * a tool call ends with the tool's output: the turn that it belongs to is still told by the user's last words.
 */
export function newUserText(body: JsonObject): string {
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
