import type { LanguageModelV4, ProviderV4 } from '@ai-sdk/provider';
import { expectedGot } from '../../native/expected-got.mjs';
import { Codex } from '../index.ts';
import {
  checkArgument,
  checkOptions,
  milliseconds,
  object,
  type Rule,
  type RulesFor,
} from '../options/check-options.ts';
import { Conversations, defaultModel } from './conversations.ts';
import { noSuchModel } from './errors.ts';
import { languageModel } from './language-model.ts';
import type { CodexProviderOptions } from './provider-options.ts';

/** A provider of the AI SDK; see `createCodex()`. */
export interface CodexProvider extends ProviderV4 {
  /** A model, by its name in `Codex.models()`. Default: the one of the engine's settings. */
  (modelId?: string): LanguageModelV4;
  /** The same, under the name that registries of the AI SDK call. */
  languageModel(modelId?: string): LanguageModelV4;
  /** Stops the turns that run or wait for tools, and the provider's own engine. A later call starts another one. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const client: Rule = {
  expected: 'a client (new Codex())',
  accepts: (value) => value instanceof Codex,
  nullable: false,
};
const rules: RulesFor<CodexProviderOptions> = { client, config: object, thread: object, toolTimeoutMs: milliseconds };

/**
 * Makes Codex a provider of the Vercel AI SDK (`ai` 7, specification V4): its models answer `generateText`, `streamText` and agents. The engine runs its own
 * tools (commands, changes of files, MCP), and calls those of the AI SDK by the AI SDK's loop: its turn waits between two steps.
 *
 * A prompt that ends with an answer of this provider continues that answer's thread. Any other one with a history starts a
 * new thread, which gets the history first.
 * ```ts
 * import { generateText } from 'ai';
 * import { createCodex } from 'twinproof/ai-sdk';
 *
 * await using codex = createCodex({ thread: { sandbox: 'read-only' } });
 * const { text } = await generateText({ model: codex('gpt-5.5'), prompt: 'Describe this project.' });
 * console.log(text);
 * ```
 * @throws TypeError, RangeError that names the option
 */
export function createCodex(options: CodexProviderOptions = {}): CodexProvider {
  checkOptions('createCodex', options, rules);
  if (options.client && options.config) {
    const advice = 'A client has its own configuration';
    throw new TypeError(expectedGot('reading the options of createCodex', 'client or config', 'both', advice));
  }
  const conversations = new Conversations({ ...options });
  const model = (modelId: string = defaultModel): LanguageModelV4 => {
    checkArgument('modelId', modelId);
    return languageModel(modelId, conversations);
  };
  const close = async () => await conversations.close();
  return Object.assign((modelId?: string) => model(modelId), {
    specificationVersion: 'v4' as const,
    languageModel: model,
    embeddingModel: (modelId: string): never => {
      throw noSuchModel('embeddingModel', modelId);
    },
    imageModel: (modelId: string): never => {
      throw noSuchModel('imageModel', modelId);
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

/** A provider with the engine's own settings; see `createCodex()`. It starts an engine at the first call. */
export const codex: CodexProvider = createCodex();
