import type { JsonObject } from '../json/json.ts';
import { newUserText } from './new-user-text.ts';
import type { ModelAnswer } from './types.ts';

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
