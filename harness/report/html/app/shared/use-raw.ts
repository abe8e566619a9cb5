import { useEffect, useState } from 'preact/hooks';
import type { RawLines } from '../../../model.ts';
import { decode } from './decode.ts';

const decoded = new Map<number, Promise<RawLines>>();

/** An embedded raw observation, unpacked on first use; undefined until then. */
export function useRaw(embedded: number | undefined, wanted = true): RawLines | undefined {
  const [raw, setRaw] = useState<{ of: number; lines: RawLines } | undefined>();
  useEffect(() => {
    if (embedded === undefined || !wanted) return;
    const coming = decoded.get(embedded) ?? decode<RawLines>(`raw-${embedded}`);
    decoded.set(embedded, coming);
    let here = true;
    void coming.then((lines) => {
      if (here) setRaw({ of: embedded, lines });
    });
    return () => {
      here = false;
    };
  }, [embedded, wanted]);
  return raw?.of === embedded ? raw?.lines : undefined;
}
