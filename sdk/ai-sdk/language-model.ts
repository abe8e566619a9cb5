import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { readSettings } from './call-settings.ts';
import type { Conversations } from './conversations.ts';
import { apiCallError, loadErrors } from './errors.ts';
import type { RunningTurn } from './running-turn.ts';

type Part = LanguageModelV4StreamPart;

/** A model of the engine, for the functions of the AI SDK. */
export function languageModel(modelId: string, conversations: Conversations): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'codex',
    modelId,
    // The AI SDK downloads what a prompt names by its address: the engine takes none.
    supportedUrls: {},
    async doStream(options) {
      return { stream: streamOf(await openStep(modelId, conversations, options)) };
    },
    async doGenerate(options) {
      const { parts } = await openStep(modelId, conversations, { ...options, includeRawChunks: false });
      const collected = new Collected();
      for await (const part of parts) collected.take(part);
      return collected.result();
    },
  };
}

interface Step {
  turn: RunningTurn;
  parts: AsyncGenerator<Part, void>;
}

async function openStep(
  modelId: string,
  conversations: Conversations,
  options: LanguageModelV4CallOptions,
): Promise<Step> {
  const errors = await loadErrors();
  const { settings, warnings } = readSettings(options);
  try {
    const turn = await conversations.turnFor(modelId, settings, options);
    return { turn, parts: partsOf(turn) };
  } catch (error) {
    conversations.failed(error);
    throw apiCallError(error, errors, settings.threadId);
  }

  async function* partsOf(turn: RunningTurn): AsyncGenerator<Part, void> {
    yield { type: 'stream-start', warnings };
    yield { type: 'response-metadata', id: turn.id, modelId, timestamp: new Date() };
    try {
      yield* turn.step(options.includeRawChunks ?? false);
    } catch (error) {
      throw apiCallError(error, errors, turn.threadId);
    }
  }
}

function streamOf({ turn, parts }: Step): ReadableStream<Part> {
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        turn.stop(reason);
        await parts.return();
      },
    },
    // What nobody reads is not asked for.
    { highWaterMark: 0 },
  );
}

/** The parts of a stream, as one result. */
class Collected {
  readonly #content: LanguageModelV4Content[] = [];
  readonly #open = new Map<string, { type: 'text' | 'reasoning'; text: string }>();
  readonly #rest: Partial<LanguageModelV4GenerateResult> & { warnings: LanguageModelV4GenerateResult['warnings'] } = {
    warnings: [],
  };

  take(part: Part): void {
    switch (part.type) {
      case 'stream-start':
        this.#rest.warnings = part.warnings;
        return;
      case 'response-metadata': {
        const { type: _, ...response } = part;
        this.#rest.response = response;
        return;
      }
      case 'text-start':
      case 'reasoning-start': {
        const type = part.type === 'text-start' ? 'text' : 'reasoning';
        const metadata = part.providerMetadata && { providerMetadata: part.providerMetadata };
        const block = { type, text: '', ...metadata } as const;
        this.#open.set(part.id, block);
        this.#content.push(block);
        return;
      }
      case 'text-delta':
      case 'reasoning-delta': {
        const block = this.#open.get(part.id);
        if (block) block.text += part.delta;
        return;
      }
      case 'tool-call':
      case 'tool-result':
        this.#content.push(part);
        return;
      case 'finish': {
        const { type: _, ...finish } = part;
        Object.assign(this.#rest, finish);
        return;
      }
    }
  }

  result(): LanguageModelV4GenerateResult {
    const { finishReason, usage, ...rest } = this.#rest;
    if (!finishReason || !usage) throw new TypeError('a step has no end');
    return { content: this.#content, finishReason, usage, ...rest };
  }
}
