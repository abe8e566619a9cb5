import type { ModelMessage, ToolSet } from 'ai';
import type { Codex } from '../../../../sdk/index.ts';
import type { JsonObject, JsonValue } from '../../../../testing/json/json.ts';

/** What a scenario may say of a call. A tool `returns` a value, `throws` a text, or is left without an answer. */
interface AiCall {
  prompt: string;
  /** Continues the conversation so far. */
  goesOn?: boolean;
  instructions?: string;
  tools?: Record<string, { returns?: JsonValue; throws?: string; open?: boolean }>;
  /** How many steps the AI SDK's loop may have. Its own default is one. */
  steps?: number;
  /** JSON Schema of the object that is asked for. */
  output?: JsonObject;
  settings?: object;
  providerOptions?: JsonObject;
  signal?: AbortSignal;
}

/**
 * The AI SDK itself, with our provider over the scenario's client. It takes half a second to load, which only its
 * scenarios pay.
 */
export async function aiSdk(client: Codex, { model: modelId, ...options }: { model?: string; thread?: object }) {
  const [{ generateText, isStepCount, jsonSchema, Output, streamText }, { createCodex }] = await Promise.all([
    import('ai'),
    import('../../../../sdk/ai-sdk.ts'),
  ]);
  const provider = createCodex({ client, ...options });

  const toolSet = (tools: AiCall['tools']): ToolSet =>
    Object.fromEntries(
      Object.entries(tools ?? {}).map(([name, { returns, throws, open }]) => {
        const execute = () => {
          if (throws !== undefined) throw new Error(throws);
          return returns;
        };
        const inputSchema = jsonSchema({ type: 'object', properties: { id: { type: 'string' } }, required: ['id'] });
        return [name, { description: `The tool ${name}`, inputSchema, ...(!open && { execute }) }];
      }),
    ) as unknown as ToolSet;

  return new (class AiSdk {
    #messages: ModelMessage[] = [];

    #call({ prompt, goesOn, instructions, tools, steps, output, settings, providerOptions, signal }: AiCall) {
      const messages: ModelMessage[] = [...(goesOn ? this.#messages : []), { role: 'user', content: prompt }];
      this.#messages = messages;
      return {
        ...{ model: provider(modelId), messages, tools: toolSet(tools), ...settings },
        // A second attempt would wait for some time, and is the library's own matter.
        maxRetries: 0,
        ...(instructions !== undefined && { instructions }),
        ...(steps !== undefined && { stopWhen: isStepCount(steps) }),
        ...(output && { output: Output.object({ schema: jsonSchema(output) }) }),
        ...(providerOptions && { providerOptions: { codex: providerOptions } }),
        ...(signal && { abortSignal: signal }),
      };
    }

    /** `generateText()`. */
    async generate(call: AiCall): Promise<JsonObject> {
      const made = await generateText(this.#call(call) as Parameters<typeof generateText>[0]);
      this.#messages.push(...made.responseMessages);
      return plain({
        ...{ text: made.text, reasoning: made.reasoningText, finishReason: made.finishReason },
        ...{ usage: made.usage, warnings: made.warnings, metadata: made.providerMetadata },
        ...(call.output && { output: made.output }),
        steps: made.steps.map((step) => ({
          ...{ text: step.text, finishReason: step.finishReason },
          content: step.content.filter(({ type }) => type.startsWith('tool-')).map((part) => told(part)),
        })),
      });
    }

    /** `streamText()`: each part, then the output if one is asked for. */
    async *stream(call: AiCall): AsyncGenerator<JsonObject, void, void> {
      const made = streamText({ ...this.#call(call), onError: () => {} } as Parameters<typeof streamText>[0]);
      for await (const part of made.fullStream) yield told(part);
      if (!call.signal?.aborted) this.#messages.push(...(await made.responseMessages));
      if (call.output) yield plain({ type: 'output', output: await made.output });
    }

    /** What `close()` of the provider does. */
    async close(): Promise<void> {
      await provider.close();
    }
  })();
}

const kept = ['type', 'text', 'toolName', 'input', 'output', 'finishReason', 'usage', 'totalUsage', 'providerExecuted'];

/** A part without the AI SDK's own ids and times. */
function told(part: object): JsonObject {
  const { error, ...rest } = part as { error?: unknown };
  const failed = error instanceof Error ? { error: { class: error.name, message: error.message } } : {};
  return plain({ ...Object.fromEntries(Object.entries(rest).filter(([key]) => kept.includes(key))), ...failed });
}

const plain = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
