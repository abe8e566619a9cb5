import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { resolveEngine } from '../../native/index.ts';
import { buildContract, contractFiles } from '../contract/build-contract.ts';
import { readEngineSchemas } from '../contract/read-engine-schema.ts';
import { generatedFolder } from './generated-output.ts';

/**
 * `fixtures/contract/VERSION`, from what the engine says of its own protocol.
 * @param given the engine to ask; default: the pinned one
 */
export async function generateContract(given?: string) {
  const engine = given === undefined ? await resolveEngine() : { path: given, sha256: await sha256(given) };
  const contract = buildContract(await readEngineSchemas(engine.path), engine.sha256);
  return generatedFolder(
    `fixtures/contract/${contract.version}`,
    contractFiles(contract),
    `${contract.index.counts.types} types`,
  );
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
