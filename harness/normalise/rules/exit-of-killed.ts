import type { ValueRule } from '../types.ts';

export const exitOfKilled: ValueRule = {
  name: 'exit-of-killed',
  reason:
    'of a command that it has killed, the engine says the exit code 137 where it has heard of its end by then, and else -1 (1 whole run of seven)',
  // What a script sends is on purpose.
  apply: (value, { key }, { header: { engine } }) =>
    key === 'exitCode' && value === 137 && engine === 'real' ? -1 : undefined,
};
