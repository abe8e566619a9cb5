import type { Change } from '../types.ts';

/** Changes that are read together, because they are one matter. */
export interface Group {
  changes: readonly Change[];
  /** `values`: of one enum; `request`: parts of one request to the model that changed in the same scenarios, which nearly always have one cause. */
  by: 'values' | 'request' | undefined;
}

/** More than this of one request, in the same scenarios, are told together. */
const mostAlone = 2;

/** The changes in their order, those that belong together where the first of them stands. */
export function groupsOf(changes: readonly Change[]): Group[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = keyOf(change);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups].flatMap(([key, own]): Group[] => {
    if (own.length > 1 && key.startsWith('values')) return [{ changes: own, by: 'values' }];
    if (own.length > mostAlone && key.startsWith('request')) return [{ changes: own, by: 'request' }];
    return own.map((change) => ({ changes: [change], by: undefined }));
  });
}

function keyOf({ fingerprint, what, place, source, provenBy, blame, approved, direction }: Change): string {
  const alike = JSON.stringify([what, provenBy, blame, approved, direction]);
  if (source === 'contract' && /^enum-value-/.test(what)) return `values ${enumOf(place)} ${alike}`;
  return what === 'model-request' ? `request ${alike}` : `${fingerprint} ${place}`;
}

/** `SandboxMode=read-only`: the enum. */
export const enumOf = (place: string): string => place.replace(/=.*$/s, '');
