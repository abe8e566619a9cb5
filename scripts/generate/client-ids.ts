import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientIds, clientsWhere } from '../../harness/clients/clients.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { type GeneratedOutput, generatedFile, root } from './generated-output.ts';

/** The schemas that name clients: an editor reads each by itself, so each has the list. */
const schemas = ['scenario', 'known-differences', 'summary', 'history', 'behaviours'];
/** A list of clients: all of them, or ours alone. */
const list = /"enum": \[\s*((?:"[a-z-]+",?\s*)+)\]/g;

/** The lists of clients in the schemas, from the table of clients. */
export async function generateClientIds(): Promise<GeneratedOutput> {
  const ours = clientsWhere(({ maker }) => maker === 'ours');
  const outputs = await Promise.all(
    schemas.map(async (name) => {
      const place = `fixtures/schema/${name}.schema.json`;
      let found = 0;
      const text = (await readFile(join(root, place), 'utf8')).replace(list, (all, inside: string) => {
        const ids = [...inside.matchAll(/"([a-z-]+)"/g)].map(([, id]) => id as string);
        if (!ids.includes('ts')) return all;
        found += 1;
        return `"enum": [${(ids.includes('python') ? clientIds : ours).map((id) => JSON.stringify(id)).join(', ')}]`;
      });
      if (found === 0) throw new Error(expectedGot(`generating ${place}`, 'a list of clients in it', 'none'));
      return generatedFile(place, text, '');
    }),
  );
  return {
    stale: async () => (await Promise.all(outputs.map((output) => output.stale()))).flat(),
    async write() {
      for (const output of outputs) await output.write();
    },
    summary: `${clientIds.length} clients, in ${schemas.length} schemas`,
  };
}
