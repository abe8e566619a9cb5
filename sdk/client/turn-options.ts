import type { Personality, ReasoningSummary } from '../protocol/index.ts';
import type { CallOptions } from '../rpc/limits.ts';
import { type ApprovalMode, approvalOverride } from './approval-mode.ts';
import type { RunInput } from './inputs.ts';
import { type Sandbox, sandboxPolicy } from './sandbox.ts';
import { withoutUnset } from './unset.ts';
import { wireTurnInput } from './wire-input.ts';

/**
 * How hard the model thinks (Python: `ReasoningEffort`). Each model offers its own choice of these: see `Model.supportedReasoningEfforts`
 * of `models()`. The engine's contract calls it any text, and so further values are accepted.
 */
export type ReasoningEffort =
  | 'none'
  | 'minimal'
  | 'low'
  | 'medium'
  | 'high'
  | 'xhigh'
  | 'max'
  | 'ultra'
  | (string & {});

/**
 * Options of `Thread.run()` and `Thread.turn()`; what is unset is left as the thread has it. When the turn joins one that
 * runs, `source` and `turnServiceTier` are ignored by the engine.
 */
export interface TurnOptions extends CallOptions {
  /** From this turn on. */
  approvalMode?: ApprovalMode | null | undefined;
  /** From this turn on. */
  cwd?: string | null | undefined;
  /** From this turn on. */
  effort?: ReasoningEffort | null | undefined;
  /** From this turn on. */
  model?: string | null | undefined;
  /** JSON Schema that the final answer has to follow: an object of JSON values; sent as it is. */
  outputSchema?: object | null | undefined;
  /** How the agent talks, from this turn on. */
  personality?: Personality | null | undefined;
  /** From this turn on. */
  sandbox?: Sandbox | null | undefined;
  /** The thread's service tier from this turn on. */
  serviceTier?: string | null | undefined;
  /** Names what started the turn; grants nothing. */
  source?: string | null | undefined;
  /** How much of its reasoning the model sums up, from this turn on. */
  summary?: ReasoningSummary | null | undefined;
  /** The service tier of this turn alone. */
  turnServiceTier?: string | null | undefined;
}

/**
 * The parameters of `turn/start`.
 * @throws TypeError, RangeError for input, sandbox or approval mode of a wrong kind
 */
export function turnStartParams(threadId: string, input: RunInput, options: TurnOptions): object {
  return {
    ...withoutUnset({
      cwd: options.cwd,
      effort: options.effort,
      model: options.model,
      outputSchema: options.outputSchema,
      personality: options.personality,
      sandboxPolicy: sandboxPolicy(options.sandbox),
      serviceTier: options.serviceTier,
      serviceTierForTurn: options.turnServiceTier,
      summary: options.summary,
      turnTrigger: options.source,
    }),
    ...approvalOverride(options.approvalMode),
    ...wireTurnInput(input),
    threadId,
  };
}
