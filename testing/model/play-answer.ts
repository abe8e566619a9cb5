import type { ServerResponse } from 'node:http';
import { expectedGot } from '../../native/expected-got.mjs';
import type { JsonObject } from '../json/json.ts';
import type { Latches } from '../loopback/latches.ts';
import { errorObject, sendFailure } from './http-answer.ts';
import type { ModelAnswer, ModelPart, ModelUsage } from './model-answer.ts';
import {
  type NextId,
  type PartContext,
  playCall,
  playCustom,
  playMessage,
  playReasoning,
  playStream,
  sendItem,
} from './parts.ts';
import { type SseEvent, SseWriter } from './sse.ts';

const terminal = new Set(['response.completed', 'response.failed', 'response.incomplete']);

/**
 * Plays one answer on a response: the parts in order, then `response.completed`, unless a part has ended it.
 * @throws the signal's reason if the engine leaves in the middle
 */
export async function playAnswer(
  answer: ModelAnswer,
  response: ServerResponse,
  shared: { nextId: NextId; latches: Latches; signal: AbortSignal },
): Promise<void> {
  const writer = new SseWriter(response, shared.signal);
  const responseId = shared.nextId('resp');
  let outputIndex = 0;
  let over = false;
  const begin = async () => {
    if (!writer.begun) await writer.send({ type: 'response.created', response: { id: responseId } });
  };
  const context: PartContext = {
    ...shared,
    async send(event) {
      await begin();
      await writer.send(event);
    },
    nextOutputIndex: () => outputIndex++,
  };
  /** Returns true if the part has ended the answer. */
  const play = async (part: ModelPart): Promise<boolean> => {
    if ('message' in part) await playMessage(context, part);
    else if ('stream' in part) await playStream(context, part);
    else if ('reasoning' in part) await playReasoning(context, part);
    else if ('call' in part) await playCall(context, part);
    else if ('custom' in part) await playCustom(context, part);
    else if ('hold' in part) await shared.latches.wait(part.hold, shared.signal);
    else if ('item' in part) await sendItem(context, part.item);
    else if ('raw' in part) {
      await begin();
      await writer.write(part.raw);
    } else if ('events' in part) {
      for (const event of part.events) {
        // A script with its own start or end gets no second one.
        const typed = { ...event, type: String(event.type) } as SseEvent;
        await (typed.type === 'response.created' ? writer.send(typed) : context.send(typed));
        over ||= terminal.has(typed.type);
      }
    } else if ('fail' in part) {
      if (!writer.begun) {
        sendFailure(response, part.fail);
        return true;
      }
      // The status has already been sent, so the API reports the failure as an event.
      await writer.send({
        type: 'response.failed',
        response: { id: responseId, status: 'failed', error: errorObject(part.fail) },
      });
      over = true;
    } else if ('cut' in part) {
      writer.cut();
      return true;
    } else if ('hang' in part) {
      await aborted(shared.signal);
    } else {
      throw new Error(
        expectedGot('playing a model answer', 'a known part', `one with ${Object.keys(part).join(', ')}`),
      );
    }
    return false;
  };
  for (const part of expandAnswer(answer)) if (await play(part)) return;
  if (!over) {
    await context.send({
      type: 'response.completed',
      response: { id: responseId, usage: usageObject(answer.usage) },
    });
  }
  writer.end();
}

/** Never resolves; rejects with the reason once the engine has left. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** The `usage` of `response.completed`. Every count is present, because the engine drops a usage that lacks one. */
function usageObject(usage: ModelUsage = {}): JsonObject {
  return {
    input_tokens: usage.input ?? 0,
    input_tokens_details: { cached_tokens: usage.cached ?? 0 },
    output_tokens: usage.output ?? 0,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: usage.total ?? 0,
  };
}

const shortKeys = ['reasoning', 'message', 'stream', 'phase', 'hold', 'call', 'calls', 'patch', 'fail', 'cut', 'hang'];

/**
 * The parts of an answer, in the order in which they are played: reasoning, message or stream, call, calls, patch, then
 * what ends it. `hold` keeps a `stream` open after its last delta; without a stream, nothing is sent until the latch is
 * released.
 * @throws Error if the answer mixes `parts` with the short form, or has both `message` and `stream`
 */
export function expandAnswer(answer: ModelAnswer): ModelPart[] {
  if (answer.parts) {
    const mixed = shortKeys.filter((key) => key in answer);
    if (mixed.length > 0) {
      throw new Error(
        expectedGot('reading a model answer', 'parts or the short form', `parts and ${mixed.join(', ')}`),
      );
    }
    return answer.parts;
  }
  if (answer.message !== undefined && answer.stream !== undefined) {
    throw new Error(expectedGot('reading a model answer', 'message or stream', 'both', 'Use parts for both'));
  }
  const { reasoning, message, stream, hold, call, calls, patch, fail } = answer;
  const phase = answer.phase === undefined ? {} : { phase: answer.phase };
  const parts: ModelPart[] = [];
  if (hold !== undefined && stream === undefined) parts.push({ hold });
  if (reasoning) parts.push({ reasoning });
  if (message !== undefined) parts.push({ message, ...phase });
  if (stream) parts.push({ stream, ...phase, ...(hold === undefined ? {} : { hold }) });
  for (const one of [...(call ? [call] : []), ...(calls ?? [])]) parts.push({ call: one });
  if (patch !== undefined) parts.push({ custom: { name: 'apply_patch', input: patch } });
  if (fail) parts.push({ fail });
  if (answer.cut) parts.push({ cut: true });
  if (answer.hang) parts.push({ hang: true });
  return parts;
}
