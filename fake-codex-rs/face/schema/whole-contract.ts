import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { WholeContract } from './schema-files.ts';

/** Set by the bundler: the contract, compressed, as base64; absent where the source runs unbundled. */
declare const BUNDLED_SCHEMA: string | undefined;

/** Everything of the pinned engine's contract: what a script needs for its templates is a small part of it (template/contract.ts). */
export function wholeContract(): WholeContract {
  if (typeof BUNDLED_SCHEMA === 'string')
    return JSON.parse(gunzipSync(Buffer.from(BUNDLED_SCHEMA, 'base64')).toString('utf8')) as WholeContract;
  const read = (path: string) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));
  const { version } = read('native/engine.lock.json') as { version: string };
  const folder = `fixtures/contract/${version}`;
  const { definitions } = read(`${folder}/schema.json`) as Pick<WholeContract, 'definitions'>;
  return { methods: read(`${folder}/methods.json`) as WholeContract['methods'], definitions };
}
