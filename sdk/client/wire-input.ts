import type { TurnToolOutput, UserInput } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import {
  type ExternalContent,
  ExternalMessage,
  ImageInput,
  type Input,
  type InputItem,
  LocalImageInput,
  MentionInput,
  type RunInput,
  SkillInput,
  TextInput,
} from './inputs.ts';

/** The parts of `turn/start` that carry the input. */
export interface WireTurnInput {
  input: UserInput[];
  toolOutput?: TurnToolOutput;
}

/**
 * The wire form of a turn's input.
 * @throws TypeError for anything that is not input, or for content that is neither text nor known content items
 * @throws RangeError for an external message without a tool name
 */
export function wireTurnInput(input: RunInput): WireTurnInput {
  if (!(input instanceof ExternalMessage)) return { input: wireInput(input) };
  const { toolName, content, namespace } = input;
  if (typeof toolName !== 'string' || toolName.trim() === '') {
    throw new RangeError('ExternalMessage.toolName must be a nonempty string');
  }
  if (namespace != null && typeof namespace !== 'string') {
    throw new TypeError(`ExternalMessage.namespace must be a string, not ${typeName(namespace)}`);
  }
  const output = wireContent(content);
  return {
    input: [],
    toolOutput: namespace == null ? { name: toolName, output } : { name: toolName, namespace, output },
  };
}

/**
 * The wire form of user input: a string, an item, or a list of items.
 * @throws TypeError for anything else
 */
export function wireInput(input: Input | string): UserInput[] {
  if (typeof input === 'string') return [{ type: 'text', text: input }];
  return isList(input) ? input.map(wireItem) : [wireItem(input)];
}

function isList(input: Input): input is readonly InputItem[] {
  return Array.isArray(input);
}

function wireItem(item: InputItem): UserInput {
  if (item instanceof TextInput) return { type: 'text', text: item.text };
  if (item instanceof ImageInput) return { type: 'image', url: item.url };
  if (item instanceof LocalImageInput) return { type: 'localImage', path: item.path };
  if (item instanceof SkillInput) return { type: 'skill', name: item.name, path: item.path };
  if (item instanceof MentionInput) return { type: 'mention', name: item.name, path: item.path };
  if (isPlainInput(item)) return { ...item };
  throw new TypeError(`unsupported input item: ${typeName(item)}${advice(item)}`);
}

/** The fields of each plain kind of input that must be texts; of a list, one. */
const plainKinds: Record<UserInput['type'], readonly (string | readonly string[])[]> = {
  text: ['text'],
  image: [['url', 'fileId']],
  localImage: ['path'],
  audio: [['url', 'fileId']],
  localAudio: ['path'],
  skill: ['name', 'path'],
  mention: ['name', 'path'],
};

const kindOf = (type: unknown) =>
  typeof type === 'string' && Object.hasOwn(plainKinds, type) ? plainKinds[type as UserInput['type']] : undefined;

function isPlainInput(item: unknown): item is UserInput {
  if (!isObject(item)) return false;
  const has = (field: string) => typeof (item as Record<string, unknown>)[field] === 'string';
  return kindOf(item.type)?.every((one) => (typeof one === 'string' ? has(one) : one.some(has))) ?? false;
}

/** What would fit; Python's text ends before it. */
function advice(item: unknown): string {
  const fields = isObject(item) ? kindOf(item.type) : undefined;
  if (isObject(item) && fields) {
    const needs = fields.map((one) => (typeof one === 'string' ? one : one.join(' or '))).join(' and ');
    return ` of the type ${JSON.stringify(item.type)} without ${needs} as text`;
  }
  const type =
    isObject(item) && typeof item.type === 'string' ? ` of the type ${JSON.stringify(item.type.slice(0, 40))}` : '';
  const kinds = Object.keys(plainKinds).join(', ');
  return `${type}. Give a string, an object with one of the types ${kinds}, TextInput and its like, or a list of such objects.`;
}

/** The text field of each kind of content item; an image and a sound have one of two. */
const contentFields: Record<string, readonly string[]> = {
  input_text: ['text'],
  input_image: ['image_url', 'file_id'],
  input_audio: ['audio_url', 'file_id'],
  encrypted_content: ['encrypted_content'],
};

function wireContent(content: ExternalContent): TurnToolOutput['output'] {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) {
    throw new TypeError(`ExternalMessage.content must be text or a list of content items, not ${typeName(content)}`);
  }
  content.forEach((item: unknown, index) => {
    const type = isObject(item) ? item.type : undefined;
    const fields = typeof type === 'string' && Object.hasOwn(contentFields, type) ? contentFields[type] : undefined;
    if (isObject(item) && fields?.some((field) => typeof item[field] === 'string')) return;
    throw new TypeError(
      `ExternalMessage.content[${index}] must be a content item of the Responses API, not ${JSON.stringify(item)}`,
    );
  });
  return [...content];
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;
}
