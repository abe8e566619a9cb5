import type { Definitions } from '../harness/commands/read-arguments.mjs';
import { type FoundEngine, findEngine } from '../native/find-engine.mjs';
import { protocolVersion } from '../sdk/protocol/index.ts';

/** For commands that look at one engine. */
export const engineArg: Definitions = {
  engine: { type: 'string', valueHint: 'PATH', description: 'The engine (default: the one that the SDK would start)' },
};

/** @throws EngineError if there is none */
export const chosenEngine = (path: string | boolean | undefined): FoundEngine =>
  findEngine({
    ...(typeof path === 'string' && { path }),
    ...{ option: typeof path === 'string' ? '--engine' : 'CodexConfig.codexBin', preferred: protocolVersion },
  });

/** How it was found, in words. */
export const sourceWords: Readonly<Record<FoundEngine['source'], string>> = {
  option: 'named by --engine',
  environment: 'named by TWINPROOF_ENGINE',
  package: 'of the installed package @openai/codex',
  cache: 'installed by twinproof',
};
