import type { LanguageModelV4FilePart } from '@ai-sdk/provider';
import { expectedGot } from '../../native/expected-got.mjs';
import type { UserInput } from '../protocol/index.ts';

export type FilePart = LanguageModelV4FilePart;

/** Media types for a file that says only what kind it is (`image`): the engine and the model look at the bytes. */
const anyOf: Readonly<Record<string, string>> = { image: 'image/png', audio: 'audio/wav', text: 'text/plain' };

/**
 * A file as input of a turn: images and audio as data URLs, text as text with its name.
 * @throws TypeError for a file of another kind
 */
export function fileInput({ mediaType, data, filename }: FilePart): UserInput {
  const kind = mediaType.split('/')[0] ?? '';
  const type = mediaType.includes('/') && !mediaType.endsWith('/*') ? mediaType : (anyOf[kind] ?? mediaType);
  if (data.type === 'text' || (kind === 'text' && data.type === 'data')) {
    const text = data.type === 'text' ? data.text : bytesOf(data.data).toString('utf8');
    return {
      type: 'text',
      text: filename === undefined ? text : `<file name=${JSON.stringify(filename)}>\n${text}\n</file>`,
    };
  }
  const url = dataUrl(type, data);
  if (kind === 'image' && url !== undefined) return { type: 'image', url };
  if (kind === 'audio' && url !== undefined) return { type: 'audio', url };
  const got = data.type === 'reference' ? 'a reference to a file of another provider' : mediaType;
  throw new TypeError(
    expectedGot(
      'reading a file of the prompt',
      'an image, audio or text',
      got,
      'Put the file into the workspace, and name its path',
    ),
  );
}

/** The AI SDK has downloaded what stood at other addresses. */
function dataUrl(type: string, data: FilePart['data']): string | undefined {
  if (data.type === 'data') return `data:${type};base64,${bytesOf(data.data).toString('base64')}`;
  return data.type === 'url' && data.url.protocol === 'data:' ? data.url.href : undefined;
}

const bytesOf = (data: Uint8Array | string): Buffer =>
  typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
