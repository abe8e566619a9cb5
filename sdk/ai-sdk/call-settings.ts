import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import type { ReasoningEffort } from '../client/turn-options.ts';
import type { Sandbox } from '../index.ts';
import { anything, checkOptions, type RulesFor, text } from '../options/check-options.ts';
import { isObject } from '../rpc/is-object.ts';

/** `providerOptions.codex` of a call: JSON values, since the AI SDK passes them on. What you leave out stays as the provider's `thread` has it. */
export interface CodexCallSettings {
  /** Continue this stored thread: only what follows the last answer in the prompt is sent. Default: see `createCodex()`. */
  threadId?: string | undefined;
  /** How hard the model thinks, in the engine's words. It goes before the AI SDK's `reasoning`. */
  effort?: ReasoningEffort | undefined;
  /** How detailed the summary of the model's reasoning is: `auto`, `concise`, `detailed`, `none`. */
  summary?: 'auto' | 'concise' | 'detailed' | 'none' | undefined;
  /** What commands may access, from this turn on. */
  sandbox?: Sandbox | undefined;
  /** Working directory of commands, from this turn on. */
  cwd?: string | undefined;
  /** Service tier, from this turn on. */
  serviceTier?: string | undefined;
}

/** `providerMetadata.codex` of an answer, and of each of its parts. */
export interface CodexModelMetadata {
  /** The thread, as `codex.threadResume()` and `providerOptions.codex.threadId` take it. */
  threadId: string;
  turnId: string;
}

const rules: RulesFor<CodexCallSettings> = {
  threadId: text,
  effort: text,
  summary: text,
  sandbox: anything,
  cwd: text,
  serviceTier: text,
};

/** What of the AI SDK's settings the engine has no word for: it decides on its requests to the model itself. */
const unsupported = [
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'stopSequences',
  'seed',
] as const;

/**
 * The settings of a call, and what of them is left out.
 * @throws TypeError for a setting of the wrong type
 */
export function readSettings(options: LanguageModelV4CallOptions): {
  settings: CodexCallSettings;
  warnings: SharedV4Warning[];
} {
  const given = options.providerOptions?.['codex'] ?? {};
  checkOptions('providerOptions.codex', given, rules);
  const settings: CodexCallSettings = { ...given };
  if (options.reasoning !== undefined && options.reasoning !== 'provider-default')
    settings.effort ??= options.reasoning;
  const warnings: SharedV4Warning[] = Object.keys(given)
    .filter((key) => !(key in rules))
    .map((key) => ({ type: 'other', message: `providerOptions.codex has no option ${key}; it is left out` }));
  const leftOut = (feature: string, details: string) => warnings.push({ type: 'unsupported', feature, details });
  for (const feature of unsupported)
    if (options[feature] !== undefined) leftOut(feature, 'The engine makes the requests to the model.');
  const { toolChoice, responseFormat } = options;
  if (toolChoice?.type === 'required' || toolChoice?.type === 'tool')
    leftOut(`toolChoice ${toolChoice.type}`, 'The model decides which tool it calls.');
  if (responseFormat?.type === 'json' && !isObject(responseFormat.schema))
    leftOut('responseFormat', 'JSON needs a schema; the answer is text.');
  for (const tool of options.tools ?? [])
    if (tool.type === 'provider')
      leftOut(`provider tool ${tool.id}`, 'The engine has its own tools; give MCP servers in the option thread.');
  return { settings, warnings };
}
