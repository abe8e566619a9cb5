import type { Family } from '../clients/clients.ts';
import { tagOf } from '../contract/tagged-union.ts';
import type { Contract } from '../contract/types.ts';
import { execEvents, execItems } from './exec-names.ts';

/** The faults that a scenario may show (`fault:KIND`): first those of the model, then those of the engine. */
export const faultKinds = [
  'model-fail',
  'model-cut',
  'model-hang',
  'model-garbage',
  'crash',
  'kill',
  'hang',
  'half-line',
  'split-line',
  'garbage',
  'invalid-utf8',
  'blank-line',
  'oversized-line',
  'slow-reader',
  'slow-writer',
  'stderr-flood',
  'early-notification',
  'duplicate-id',
  'unknown-id',
  'overload',
  'retry-limit',
  'bom',
  'array-line',
  'scalar-line',
  'two-on-a-line',
  'no-newline',
  'crlf',
  'line-separator',
  'lone-surrogate',
  'closed-stdin',
  'closed-stdout',
  'bad-stderr',
  'ignored-close',
  'early-completion',
  'numeric-id',
  'error-code',
  'error-shape',
  'result-shape',
  'unknown-method',
  'unknown-notification',
  'unknown-item',
  'unknown-enum',
  'bad-payload',
  'request-id',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** Every name that `covers` may contain for a family. */
export function coverageNames({ methods, schema }: Contract, family: Family): ReadonlySet<string> {
  const items = (schema.definitions.ThreadItem?.oneOf ?? []).map((variant) => tagOf(variant)?.value);
  const names =
    family === 'exec'
      ? execEvents
      : [
          methods.clientRequests,
          methods.clientNotifications,
          methods.serverRequests,
          methods.serverNotifications,
        ].flatMap(Object.keys);
  return new Set([
    ...names,
    ...(family === 'exec' ? execItems : items).map((item) => `item:${item}`),
    ...faultKinds.map((kind) => `fault:${kind}`),
  ]);
}
