import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEngineLock } from '../../native/index.ts';
import type { Contract, ContractIndex, ContractMethods, ContractSchema } from './types.ts';

/** Absolute path of the committed contract of `version`; it may not exist. */
export function contractFolder(version: string): string {
  return fileURLToPath(new URL(`../../fixtures/contract/${version}`, import.meta.url));
}

const loaded = new Map<string, Promise<Contract>>();

/**
 * The committed contract of an engine version (default: that of `native/engine.lock.json`). Read once per process.
 *
 * @throws Error if there is none, or one of its files is not JSON
 */
export function loadContract(version: string = readEngineLock().pin): Promise<Contract> {
  const known = loaded.get(version);
  if (known !== undefined) return known;
  const reading = readContract(version);
  loaded.set(version, reading);
  return reading;
}

async function readContract(version: string): Promise<Contract> {
  const read = async <T>(name: string): Promise<T> => {
    const file = join(contractFolder(version), name);
    try {
      return JSON.parse(await readFile(file, 'utf8')) as T;
    } catch (cause) {
      throw new Error(`Loading the contract of engine ${version}: cannot read ${file}; run npm run generate`, {
        cause,
      });
    }
  };
  const [index, methods, schema] = await Promise.all([
    read<ContractIndex>('index.json'),
    read<ContractMethods>('methods.json'),
    read<ContractSchema>('schema.json'),
  ]);
  return { version, index, methods, schema };
}
