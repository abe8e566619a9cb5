import { type ApprovalOptions, approvalRules } from '../approvals/options.ts';
import { anything, object, orNull, type RulesFor, text } from '../options/check-options.ts';
import { type AnySchema, type OutputOptions, repairRule, schemaRule } from '../output/output-options.ts';
import type { Personality, ReasoningSummary } from '../protocol/index.ts';
import { type ApprovalMode, reviewSettings } from './approval-mode.ts';
import type { RunInput } from './inputs.ts';
import { fieldsOf, type TurnFields, turnFields } from './protocol-fields.ts';
import { type Sandbox, sandboxPolicy } from './sandbox.ts';
import { type StopOptions, stopRules } from './turn-stops.ts';
import { withoutUnset } from './unset.ts';
import { wireTurnInput } from './wire-input.ts';

/**
 * How hard the model thinks (Python: `ReasoningEffort`). Each model supports some of these: see
 * `supportedReasoningEfforts` of `models()`. The engine's contract allows any text, so other values are accepted.
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
 * Options of `Thread.run()` and `Thread.turn()`. What you leave out stays as the thread has it. If the turn joins a
 * running one, the engine ignores `source` and `turnServiceTier`. `approvals` and the other handlers apply from this
 * turn on, as the engine's reviewer does.
 */
export interface TurnOptions<S extends AnySchema = AnySchema>
  extends StopOptions,
    ApprovalOptions,
    OutputOptions<S>,
    TurnFields {
  /** Applies from this turn on. */
  approvalMode?: ApprovalMode | null | undefined;
  /** Applies from this turn on. */
  cwd?: string | null | undefined;
  /** Applies from this turn on. */
  effort?: ReasoningEffort | null | undefined;
  /** Applies from this turn on. */
  model?: string | null | undefined;
  /**
   * JSON Schema that the final answer must follow: an object of JSON values, sent unchanged. The answer is text; see
   * `output` for a value.
   */
  outputSchema?: object | null | undefined;
  /** The agent's tone, from this turn on. */
  personality?: Personality | null | undefined;
  /** Applies from this turn on. */
  sandbox?: Sandbox | null | undefined;
  /** The thread's service tier from this turn on. */
  serviceTier?: string | null | undefined;
  /** What started the turn. It grants nothing. */
  source?: string | null | undefined;
  /** How detailed the summary of the model's reasoning is, from this turn on. */
  summary?: ReasoningSummary | null | undefined;
  /** The service tier of this turn only. */
  turnServiceTier?: string | null | undefined;
}

/**
 * The parameters of `turn/start`.
 * @throws TypeError, RangeError for invalid input, sandbox or approval mode; TypeError for `approvals` with an approval mode
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
    ...reviewSettings('Thread.turn', options),
    ...fieldsOf('Thread.turn', options, turnFields),
    ...wireTurnInput(input),
    threadId,
  };
}

export const turnRules: RulesFor<TurnOptions> = {
  ...stopRules,
  ...turnFields,
  ...approvalRules,
  approvalMode: orNull(anything),
  cwd: orNull(text),
  effort: orNull(text),
  model: orNull(text),
  output: orNull(schemaRule),
  outputSchema: orNull(object),
  personality: orNull(text),
  repair: repairRule,
  sandbox: orNull(anything),
  serviceTier: orNull(text),
  source: orNull(text),
  summary: orNull(text),
  turnServiceTier: orNull(text),
};
