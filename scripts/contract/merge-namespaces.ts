import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema, SchemaObject } from '../../harness/contract/types.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { type Gaps, refuseGaps } from './gaps.ts';
import { type RawSchema, stripProse } from './strip-prose.ts';

/** The unions of all messages: their content is `methods.json`, one line a method. */
export const messageUnions = ['ClientRequest', 'ClientNotification', 'ServerRequest', 'ServerNotification'] as const;

/**
 * The engine's bundle keeps two namespaces, `definitions` and `definitions.v2`. Here they become one, sorted by name.
 *
 * A name that both hold with different meanings is a gap: messages would be checked against the wrong type.
 */
export function mergeNamespaces(bundle: RawSchema, gaps: Gaps = refuseGaps): Record<string, SchemaObject> {
  const { v2, ...root } = bundle.definitions as RawSchema;
  const merged = new Map<string, SchemaObject>();
  for (const [space, definitions] of [
    ['root', root],
    ['v2', v2 as RawSchema],
  ] as const) {
    for (const [name, raw] of Object.entries(definitions)) {
      if (messageUnions.some((union) => union === name)) continue;
      const schema = asObject(name, stripProse(raw, name, gaps), gaps);
      const other = merged.get(name);
      if (other !== undefined && !isDeepStrictEqual(other, schema)) {
        const gap = `Merging the namespaces: ${name} of ${space} differs from the root's ${name}; give one of them another name`;
        gaps.tell(gap);
        merged.set(name, { gap });
        continue;
      }
      merged.set(name, schema);
    }
  }
  return Object.fromEntries([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function asObject(name: string, schema: JsonSchema, gaps: Gaps): SchemaObject {
  if (typeof schema === 'object') return schema;
  const gap = expectedGot(`reading ${name}`, 'a schema that is an object', `${schema}`);
  gaps.tell(gap);
  return { gap };
}
