import { expectedGot } from '../../native/expected-got.mjs';
import { shortened } from '../errors/codex-error.ts';
import { isObject } from '../rpc/is-object.ts';
import { longestFailure } from '../rpc/server-requests.ts';
import type { ToolContent, ToolContentItem } from './tool.ts';

/** A piece of a result as it is sent: text, or a media type with base64. */
export type OutcomeItem =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'audio'; readonly data: string; readonly mimeType: string };

/** How a call ended, for the model. */
export interface ToolOutcome {
  readonly items: readonly OutcomeItem[];
  readonly failed: boolean;
}

export const failure = (text: string): ToolOutcome => ({
  items: [{ type: 'text', text: shortened(text, longestFailure) }],
  failed: true,
});

/**
 * What `execute` returned, as it is sent.
 * @throws TypeError for a value that JSON cannot hold, and for a piece of another shape
 */
export function outcomeOf(result: unknown, doing: string): ToolOutcome {
  if (typeof result === 'string') return success(result);
  if (result === undefined) return success('');
  if (isContent(result))
    return {
      items: result.content.map((item, at) => plain(item, `${doing}, item ${at + 1}`)),
      failed: result.isError === true,
    };
  let json: string | undefined;
  try {
    json = JSON.stringify(result);
  } catch (cause) {
    throw new TypeError(expectedGot(doing, 'a text or a JSON value', String(cause)), { cause });
  }
  if (json === undefined) throw new TypeError(expectedGot(doing, 'a text or a JSON value', `a ${typeof result}`));
  return success(json);
}

const success = (text: string): ToolOutcome => ({ items: [{ type: 'text', text }], failed: false });

const kinds: readonly unknown[] = ['text', 'image', 'audio'];

/** Any other object is JSON: a ticket may have a `content`, too. */
function isContent(result: unknown): result is ToolContent {
  if (!isObject(result) || !Array.isArray(result['content'])) return false;
  if (Object.keys(result).some((key) => !['content', 'isError', 'structuredContent', '_meta'].includes(key)))
    return false;
  return result['content'].every((item) => isObject(item) && kinds.includes(item['type']));
}

function plain(item: ToolContentItem, doing: string): OutcomeItem {
  if (item.type === 'text') {
    if (typeof item.text !== 'string') throw new TypeError(expectedGot(doing, 'a text', `a ${typeof item.text}`));
    return { type: 'text', text: item.text };
  }
  const { type, data, mimeType } = item;
  if (typeof mimeType !== 'string' || !mimeType.startsWith(`${type}/`))
    throw new TypeError(expectedGot(`${doing}, mimeType`, `a media type such as ${type}/…`, JSON.stringify(mimeType)));
  const bytes: unknown = data;
  if (bytes instanceof Uint8Array)
    return { type, data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), mimeType };
  if (typeof bytes !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(bytes)) {
    const got = typeof bytes === 'string' ? 'another text' : `a ${typeof bytes}`;
    throw new TypeError(expectedGot(`${doing}, data`, 'bytes or base64', got, 'A URL is not data'));
  }
  return { type, data: bytes, mimeType };
}
