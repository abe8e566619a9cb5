import { cleanupDropped, errorIgnored, finallyEmptied, listenerKept, onceForOn } from './cleaning.ts';
import { awaitDropped, earlyReturn, lockReleasedEarly, statementsSwapped } from './order.ts';
import type { Mutator } from './syntax.ts';
import { boundMoved, defaultChanged, firstForLast, optionNotPassed, unitsMixed } from './values.ts';

/** The mistakes that people make, where Stryker's mutators change operators and literals. */
export const ownMutators: readonly Mutator[] = [
  awaitDropped,
  boundMoved,
  cleanupDropped,
  defaultChanged,
  earlyReturn,
  errorIgnored,
  finallyEmptied,
  firstForLast,
  listenerKept,
  lockReleasedEarly,
  onceForOn,
  optionNotPassed,
  statementsSwapped,
  unitsMixed,
];
