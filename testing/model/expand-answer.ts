import { expectedGot } from '../../native/expected-got.mjs';
import type { ModelAnswer, ModelPart } from './model-answer.ts';

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
