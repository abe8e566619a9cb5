import { expectedGot } from '../../native/expected-got.mjs';
import type { PermissionsRequestApprovalResponse, ToolRequestUserInputParams } from '../protocol/index.ts';
import type { Closed } from '../rpc/closed.ts';
import { isObject } from '../rpc/is-object.ts';

/** For each question's id, the answer or answers. Questions that are left out stay unanswered. */
export type UserInputAnswer = Readonly<Record<string, string | readonly string[]>>;

/** The answer to a form or a link of an MCP server, in the words of MCP. */
export type ElicitationAnswer =
  | {
      action: 'accept';
      /** The form's fields, as its schema has them. Nothing for a link. */
      content?: Readonly<Record<string, string | number | boolean | readonly string[]>> | null | undefined;
    }
  | { action: 'decline' | 'cancel'; content?: null | undefined };

/** What is granted of what was asked for, and for how long. */
export type PermissionsAnswer = Closed<PermissionsRequestApprovalResponse>;

/** @throws TypeError for anything but answers to these questions */
export function userInputResult(params: ToolRequestUserInputParams, answer: unknown): unknown {
  const ids = (Array.isArray(params.questions) ? params.questions : []).map(({ id }) => id);
  const isAnswer = (one: unknown) =>
    typeof one === 'string' || (Array.isArray(one) && one.every((part) => typeof part === 'string'));
  if (!isObject(answer) || !Object.values(answer).every(isAnswer))
    throw refused('onUserInput', "an object with a string or an array of strings for each question's id", answer);
  const other = Object.keys(answer).find((key) => !ids.includes(key));
  if (other !== undefined)
    throw new TypeError(
      expectedGot('reading the answer of onUserInput', `the ids of questions (${ids.join(', ')})`, other.slice(0, 100)),
    );
  const answers = Object.entries(answer).map(([id, one]) => [id, { answers: typeof one === 'string' ? [one] : one }]);
  return { answers: Object.fromEntries(answers) };
}

/** @throws TypeError for anything but an answer to an elicitation */
export function elicitationResult(answer: unknown): unknown {
  const { action, content = null, ...others } = isObject(answer) ? answer : {};
  const known = action === 'accept' || ((action === 'decline' || action === 'cancel') && content === null);
  if (!known || !(content === null || isObject(content)) || Object.keys(others).length > 0)
    throw refused('onElicitation', "an object with the action 'accept' (and content), 'decline' or 'cancel'", answer);
  return { action, content: action === 'accept' ? (content ?? {}) : null, _meta: null };
}

/** @throws TypeError for anything but granted permissions */
export function permissionsResult(answer: unknown): unknown {
  const { permissions, scope = 'turn', strictAutoReview, ...others } = isObject(answer) ? answer : {};
  const fine = isObject(permissions) && (scope === 'turn' || scope === 'session') && Object.keys(others).length === 0;
  if (!fine || !(strictAutoReview == null || typeof strictAutoReview === 'boolean'))
    throw refused('onPermissions', "an object with permissions, and perhaps the scope 'turn' or 'session'", answer);
  return answer;
}

/** @throws TypeError for anything but tokens */
export function tokenRefreshResult(answer: unknown): unknown {
  const { accessToken, chatgptAccountId, chatgptPlanType } = isObject(answer) ? answer : {};
  const fine = typeof accessToken === 'string' && typeof chatgptAccountId === 'string';
  if (!fine || !(chatgptPlanType == null || typeof chatgptPlanType === 'string'))
    throw refused('onTokenRefresh', 'an object with the strings accessToken and chatgptAccountId', answer);
  return answer;
}

/** The content is not shown: it may be secret. */
function refused(option: string, expected: string, answer: unknown): TypeError {
  const got = isObject(answer)
    ? `an object with ${Object.keys(answer).slice(0, 5).join(', ') || 'nothing'}`
    : String(typeof answer);
  return new TypeError(expectedGot(`reading the answer of ${option}`, expected, got.slice(0, 200)));
}
