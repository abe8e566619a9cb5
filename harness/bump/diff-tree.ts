import { diff, type IChange, Operation } from 'json-diff-ts';

/** What is below a key; nothing where it is there in one of the two only. */
export const partsOf = (changes: readonly IChange[], key: string): readonly IChange[] =>
  changes.find((change) => change.key === key)?.changes ?? [];

export const keysOf = (changes: readonly IChange[] = []): ReadonlySet<string> => new Set(changes.map(({ key }) => key));

export const named = (changes: readonly IChange[], type: Operation): string[] =>
  changes.filter((change) => change.type === type).map(({ key }) => key);

/** The same, with a list of members that one of the two lacks as if it were empty there. */
export function wholeOrParts(changes: readonly IChange[], key: string, old: object, fresh: object): readonly IChange[] {
  const change = changes.find((one) => one.key === key);
  if (change === undefined || change.type === Operation.UPDATE) return change?.changes ?? [];
  return change.type === Operation.ADD ? diff({}, fresh) : diff(old, {});
}
