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

/** What started a thread (Python: `ThreadSource`). The engine's contract calls it any text, and so further values are accepted. */
export type ThreadSource = 'user' | 'subagent' | 'memory_consolidation' | (string & {});
