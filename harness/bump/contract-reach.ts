import { messageKinds, type NormalContract, type Shape } from './normal-contract.ts';

/** The messages with which a client writes or reads something, by name, and the way it goes. */
export interface Reach {
  sent: Set<string>;
  received: Set<string>;
}

export const emptyReach = (): Reach => ({ sent: new Set(), received: new Set() });

/** Which messages carry each type, from their params and results down. */
export function typesReached({ messages, types }: NormalContract): Map<string, Reach> {
  const inner = new Map(Object.entries(types).map(([name, { shape }]) => [name, refsOf(shape)]));
  const reached = new Map<string, Reach>();
  const walk = (name: string, way: keyof Reach, message: string): void => {
    const reach = reached.get(name) ?? emptyReach();
    reached.set(name, reach);
    if (reach[way].has(message)) return;
    reach[way].add(message);
    for (const ref of inner.get(name) ?? []) walk(ref, way, message);
  };
  for (const kind of messageKinds) {
    const ours = kind.startsWith('client');
    for (const [name, { params, result }] of Object.entries(messages[kind])) {
      if (params !== undefined) walk(params, ours ? 'sent' : 'received', name);
      if (result !== undefined) walk(result, ours ? 'received' : 'sent', name);
    }
  }
  return reached;
}

function refsOf(shape: Shape): Set<string> {
  const refs = new Set<string>();
  const visit = ({ ref, variants = {}, fields = {}, items, rest }: Shape): void => {
    if (ref !== undefined) refs.add(ref);
    for (const one of [...Object.values(variants), ...Object.values(fields).map((field) => field.shape)]) visit(one);
    for (const one of [items, rest]) if (one !== undefined) visit(one);
  };
  visit(shape);
  return refs;
}
