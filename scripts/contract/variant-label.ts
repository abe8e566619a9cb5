import { tagOf } from '../../harness/contract/tagged-union.ts';
import type { JsonSchema } from '../../harness/contract/types.ts';
import { isCatchAll } from './type-expression.ts';

/** What tells a union's variant from the others: its tag, or its only key where the key is the tag. */
export function variantLabel(variant: JsonSchema): string | undefined {
  if (typeof variant === 'boolean' || isCatchAll(variant)) return undefined;
  const keys = Object.keys(variant.properties ?? {});
  return tagOf(variant)?.value ?? (keys.length === 1 && variant.required?.[0] === keys[0] ? keys[0] : undefined);
}
