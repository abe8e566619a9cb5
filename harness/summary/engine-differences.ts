import { join } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { parseYaml, readText } from '../data/read-yaml.ts';

/** A call of `npm run calls` that comes to something else on some engines. */
export interface EngineDifference {
  call: string;
  versions: readonly string[];
  what: string;
  why: string;
}

export const engineDifferencesFile = 'fixtures/engine-differences.yaml';

/**
 * @param calls the names that there are; default: any
 * @throws DataError for an entry that is wrong, or about a call that there is not
 */
export async function readEngineDifferences(root: string, calls?: ReadonlySet<string>): Promise<EngineDifference[]> {
  const text = await readText(join(root, engineDifferencesFile));
  return parseYaml<EngineDifference[]>(text, engineDifferencesFile, 'engine-differences', (entries, report) => {
    for (const [index, { call }] of entries.entries())
      if (calls?.has(call) === false)
        report([index, 'call'], expectedGot('reading a difference', 'the name of a call', call));
  }).value;
}
