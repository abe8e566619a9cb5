import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContractMethods, ContractSchema } from '../../harness/contract/types.ts';
import { contractDigest } from '../../native/contract-digest.mjs';
import { type EngineIdentity, readEngineLock } from '../../native/engine-lock.mjs';
import { type GeneratedOutput, generatedFile, root } from './generated-output.ts';

const place = 'native/engine.lock.json';

/** The digest of each committed contract, in the lock: the package has no contracts. A commit that somebody has entered stays. */
export async function generateIdentities(): Promise<GeneratedOutput> {
  const lock = readEngineLock(join(root, place));
  const identities: Record<string, EngineIdentity> = {};
  for (const version of Object.keys(lock.engines)) {
    const contract = await digestOf(version);
    if (contract !== undefined) identities[version] = { commit: lock.identities?.[version]?.commit ?? null, contract };
  }
  const text = `${JSON.stringify({ ...lock, identities }, null, 2)}\n`;
  return generatedFile(place, text, `the contracts of ${Object.keys(identities).length} engines`);
}

/** Of an engine of the window that has been added and not generated yet, there is none. */
async function digestOf(version: string): Promise<string | undefined> {
  const read = async (name: string) =>
    JSON.parse(await readFile(join(root, 'fixtures/contract', version, name), 'utf8'));
  let contract: [ContractMethods, ContractSchema];
  try {
    contract = [await read('methods.json'), await read('schema.json')];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [methods, { definitions }] = contract;
  const names = (entries: Record<string, { stability: string; unlisted?: true }>) => {
    // What the engine's own list lacks is in no schema of its.
    const listed = Object.entries(entries).filter(([, { unlisted }]) => unlisted !== true);
    const stable = listed.filter(([, { stability }]) => stability === 'stable');
    return { all: listed.map(([name]) => name), stable: stable.map(([name]) => name) };
  };
  const { clientRequests, clientNotifications, serverRequests, serverNotifications } = methods;
  return contractDigest({
    definitions: { ...definitions },
    methods: {
      clientRequests: names(clientRequests),
      clientNotifications: names(clientNotifications),
      serverRequests: names(serverRequests),
      serverNotifications: names(serverNotifications),
    },
  });
}
