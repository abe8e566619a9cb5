import { EngineError } from '../native/engine-error.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import type { Command } from './command.ts';

/** `twinproof build` of the installed package, which has neither the patches nor the submodule. */
export const buildElsewhere: Command = {
  description: 'Builds an engine from its source. Only a checkout of the repository can do that; it says so here.',
  args: {},
  run: async () => {
    const got = 'the installed package';
    const advice = 'To have an engine, run `npx twinproof install`';
    throw new EngineError('build', expectedGot('building the engine', 'a checkout of the repository', got, advice));
  },
};
