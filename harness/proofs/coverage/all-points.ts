import type { Contract } from '../../contract/types.ts';
import { faultKinds } from '../../scenario/coverage-names.ts';
import { execEvents, execItems } from '../../scenario/exec-names.ts';
import { ContractWalker } from './contract-walker.ts';
import { type CoverageKind, type CoveragePoint, coverageKinds, errorCodes, pointOf } from './kinds.ts';

/**
 * Everything that could be covered, by kind: the totals. Notifications that the engine's own schema omits do not count.
 */
export function allPoints(contract: Contract): ReadonlyMap<CoverageKind, ReadonlySet<CoveragePoint>> {
  const { clientRequests, clientNotifications, serverRequests, serverNotifications } = contract.methods;
  const points = new Map<CoverageKind, Set<CoveragePoint>>();
  for (const kind of Object.keys(coverageKinds) as CoverageKind[]) points.set(kind, new Set());
  const add = (kind: CoverageKind, names: Iterable<string>) => {
    for (const name of names) points.get(kind)?.add(pointOf(kind, name));
  };
  const listed = Object.entries(serverNotifications).filter(([, { unlisted }]) => !unlisted);
  for (const kind of ['requests', 'answers', 'results'] as const) add(kind, Object.keys(clientRequests));
  add('clientNotifications', Object.keys(clientNotifications));
  add(
    'notifications',
    listed.map(([method]) => method),
  );
  for (const kind of ['serverRequests', 'serverAnswers'] as const) add(kind, Object.keys(serverRequests));
  add('errorCodes', errorCodes);
  add('execEvents', execEvents);
  add('execItems', execItems);
  add('faults', faultKinds);
  const walker = new ContractWalker(contract);
  const walk = (direction: 'In' | 'Out', types: readonly (string | null)[]) => {
    const seen = new Set<string>();
    const visitor = {
      field: (name: string) => add(`fields${direction}`, [name]),
      enumValue: (name: string) => add(`enumValues${direction}`, [name]),
      variant: (name: string) => {
        const item = direction === 'In' ? /^ThreadItem\{(.+)\}$/.exec(name)?.[1] : undefined;
        if (item !== undefined) add('items', [item]);
      },
    };
    for (const type of types) if (type !== null) walker.walkType(type, visitor, seen);
  };
  const requests = Object.values(clientRequests);
  const asked = Object.values(serverRequests);
  walk('Out', [
    ...requests.map(({ params }) => params),
    ...Object.values(clientNotifications).map(({ params }) => params),
    ...asked.map(({ result }) => result),
  ]);
  walk('In', [
    ...requests.map(({ result }) => result),
    ...listed.map(([, { params }]) => params),
    ...asked.map(({ params }) => params),
  ]);
  return points;
}
