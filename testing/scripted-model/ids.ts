/** Numbered per kind and per server (`resp_1`, `msg_1`, `call_1`), so that the same script gives the same ids. */
export type IdKind = 'resp' | 'msg' | 'rs' | 'fc' | 'ctc' | 'call';
export type NextId = (kind: IdKind) => string;

export function createIds(): NextId {
  const counts = new Map<IdKind, number>();
  return (kind) => {
    const n = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, n);
    return `${kind}_${n}`;
  };
}
