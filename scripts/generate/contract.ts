import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { EngineError } from '../../native/engine-error.mjs';
import { readEngineLock, resolveEngine } from '../../native/index.ts';
import { buildContract, contractFiles } from '../contract/build-contract.ts';
import { readEngineSchemas } from '../contract/read-engine-schema.ts';
import { type GeneratedOutput, generatedFolder } from './generated-output.ts';

/**
 * `fixtures/contract/VERSION`, from what the engine says of its own protocol.
 * @param given the engine to ask; default: the pinned one, and all others of the window that are on this machine
 */
export async function generateContract(given?: string): Promise<GeneratedOutput> {
  if (given !== undefined) return contractOf({ path: given, sha256: await sha256(given) });
  const { pin, engines } = readEngineLock();
  const outputs: GeneratedOutput[] = [];
  for (const version of Object.keys(engines)) {
    const engine = version === pin ? await resolveEngine() : await resolveIfThere(version);
    if (engine !== undefined) outputs.push(await contractOf(engine));
  }
  return {
    stale: async () => (await Promise.all(outputs.map((output) => output.stale()))).flat(),
    write: async () => {
      for (const output of outputs) await output.write();
    },
    summary: outputs.map(({ summary }) => summary).join('; '),
    gaps: outputs.flatMap(({ gaps = [] }) => gaps),
  };
}

async function contractOf({ path, sha256 }: { path: string; sha256: string }): Promise<GeneratedOutput> {
  const contract = buildContract(await readEngineSchemas(path), sha256);
  const { types } = contract.index.counts;
  const output = generatedFolder(`fixtures/contract/${contract.version}`, contractFiles(contract), `${types} types`);
  return { ...output, gaps: (contract.index.gaps ?? []).map((gap) => `${contract.version}: ${gap}`) };
}

/** Engines other than the pin are brought when they are asked for: a generator downloads nothing. */
async function resolveIfThere(version: string) {
  try {
    return await resolveEngine({ version });
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'missing') return undefined;
    throw error;
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
