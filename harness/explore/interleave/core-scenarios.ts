/** What `interleave` plays by default: one of each kind of thing that overlaps, of those whose outcome does not depend on the order of the engine's lines. */
export const coreScenarios: readonly string[] = [
  'turns/steer-mid-stream',
  'turns/interrupt-mid-stream',
  'turns/two-threads',
  'turns/two-turns',
  'turns/streamed-deltas',
  'turns/command-runs',
  'turns/stopped-mid-stream',
  'approvals/command/accept',
  'approvals/command/decline',
  'faults/any-order',
  'faults/reversed-answers',
  'faults/early-events',
  'goals/reached',
  'goals/streamed',
];
