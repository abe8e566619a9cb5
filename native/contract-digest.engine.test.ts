import { expect, test } from 'vitest';
import { readContractDigest } from './contract-digest.mjs';
import { EngineError, readEngineLock, resolveEngine } from './index.ts';

const lock = readEngineLock();

test.each(Object.keys(lock.engines))('engine %s speaks the protocol of its committed contract', async (version) => {
  const engine = await resolveEngine({ version }).catch((error) => {
    // Engines other than the pin are brought when they are asked for.
    if (version === lock.pin || !(error instanceof EngineError && error.kind === 'missing')) throw error;
    return undefined;
  });
  if (engine !== undefined) expect(await readContractDigest(engine.path)).toBe(lock.identities?.[version]?.contract);
});
