import type { LanguageModelV4Message, LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';
import type { ToolContent, ToolContentItem } from '../index.ts';
import type { JsonObject, UserInput } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { type FilePart, fileInput } from './files.ts';

/** A part that this provider has made, as it comes back in a prompt. */
interface Mark {
  threadId: string;
  turnId: string | undefined;
}

/** A prompt as the engine needs it. */
export interface ReadPrompt {
  /** The system messages. */
  instructions: string | undefined;
  /** What was said before, up to the last answer and the results of its tools, as items of the Responses API. */
  history: JsonObject[];
  /** What follows the last answer. */
  input: UserInput[];
  /** The calls of the last answer that the program was to make. */
  calls: readonly { id: string; mark: Mark | undefined }[];
  /** Results that follow the last answer, by call. */
  results: ReadonlyMap<string, ToolContent>;
  /** Where the last answer was given; undefined if another model gave it, or nobody. */
  mark: Mark | undefined;
}

/** @throws TypeError for a file that the engine does not take */
export function readPrompt(prompt: LanguageModelV4Prompt): ReadPrompt {
  const last = prompt.findLastIndex(({ role }) => role === 'assistant');
  const answer = prompt[last];
  const parts = answer?.role === 'assistant' ? answer.content : [];
  const after = prompt.slice(last + 1);
  const system = prompt.flatMap((message) => (message.role === 'system' ? [message.content] : []));
  return {
    instructions: system.length > 0 ? system.join('\n\n') : undefined,
    history: [...prompt.slice(0, last + 1), ...after.filter(({ role }) => role === 'tool')].flatMap(historyItems),
    input: after.flatMap((message) => (message.role === 'user' ? message.content.map(inputOf) : [])),
    calls: parts.flatMap((part) =>
      part.type === 'tool-call' && part.providerExecuted !== true
        ? [{ id: part.toolCallId, mark: markOf(part.providerOptions) }]
        : [],
    ),
    results: new Map(
      after.flatMap((message) =>
        message.role !== 'tool'
          ? []
          : message.content.flatMap((part): [string, ToolContent][] =>
              part.type === 'tool-result' ? [[part.toolCallId, toolContent(part.output)]] : [],
            ),
      ),
    ),
    mark: parts.map((part) => markOf(part.providerOptions)).findLast((mark) => mark !== undefined),
  };
}

function markOf(options: { readonly codex?: unknown } | undefined): Mark | undefined {
  const own = options?.codex;
  if (!isObject(own) || typeof own.threadId !== 'string') return undefined;
  return { threadId: own.threadId, turnId: typeof own.turnId === 'string' ? own.turnId : undefined };
}

const inputOf = (part: { type: 'text'; text: string } | FilePart): UserInput =>
  part.type === 'text' ? { type: 'text', text: part.text } : fileInput(part);

/** A message of the past, as the Responses API has it. Reasoning stays out: only its own provider could read it. */
function historyItems(message: LanguageModelV4Message): JsonObject[] {
  if (message.role === 'system') return [];
  if (message.role === 'user') return [{ type: 'message', role: 'user', content: message.content.map(contentItem) }];
  return message.content.flatMap((part): JsonObject[] => {
    switch (part.type) {
      case 'text':
        return [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: part.text }] }];
      case 'tool-call':
        return [
          {
            type: 'function_call',
            call_id: part.toolCallId,
            name: part.toolName,
            arguments: JSON.stringify(part.input ?? {}),
          },
        ];
      case 'tool-result':
        return [{ type: 'function_call_output', call_id: part.toolCallId, output: textOf(toolContent(part.output)) }];
      default:
        return [];
    }
  });
}

function contentItem(part: { type: 'text'; text: string } | FilePart): JsonObject {
  const input = inputOf(part);
  if (input.type === 'image' && 'url' in input) return { type: 'input_image', image_url: input.url };
  return { type: 'input_text', text: input.type === 'text' ? input.text : `[${input.type}]` };
}

const textOf = ({ content }: ToolContent): string =>
  content.map((item) => (item.type === 'text' ? item.text : `[${item.mimeType}]`)).join('\n');

/** The result of a tool, as a tool of ours gives it. */
function toolContent(output: LanguageModelV4ToolResultOutput): ToolContent {
  const said = (text: string, isError = false): ToolContent => ({ content: [{ type: 'text', text }], isError });
  switch (output.type) {
    case 'text':
      return said(output.value);
    case 'json':
      return said(JSON.stringify(output.value));
    case 'error-text':
      return said(output.value, true);
    case 'error-json':
      return said(JSON.stringify(output.value), true);
    case 'execution-denied':
      return said(`The user denied the call${output.reason === undefined ? '.' : `: ${output.reason}`}`, true);
    case 'content':
      return { content: output.value.map(resultItem) };
    default:
      return said(JSON.stringify(output));
  }
}

type ResultPart = Extract<LanguageModelV4ToolResultOutput, { type: 'content' }>['value'][number];

function resultItem(part: ResultPart): ToolContentItem {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'file' && part.data.type === 'data') {
    const [kind] = part.mediaType.split('/');
    const { data } = part.data;
    if (kind === 'image' || kind === 'audio') return { type: kind, data, mimeType: part.mediaType };
  }
  if (part.type === 'file' && part.data.type === 'text') return { type: 'text', text: part.data.text };
  return { type: 'text', text: `[${part.type === 'file' ? part.mediaType : part.type}]` };
}
