import type { LineRule } from '../types.ts';

/**
 * Our error classes that answer to a Python exception of another name. Classes of equal name need no entry. A class that is not here and
 * has no namesake shows as a difference.
 */
export const pythonNames: Readonly<Record<string, string>> = {
  /** Python raises a plain RuntimeError for a failed turn; ours has the partial result. */
  TurnFailedError: 'RuntimeError',
  /** A failed turn whose login was refused. */
  AuthError: 'RuntimeError',
  /** Python says the same of an engine that has ended; ours also says how it ended. */
  EngineExitError: 'TransportClosedError',
};

export const errorNames: LineRule = {
  name: 'error-class-name',
  reason: 'our error classes answer to Python exceptions by a table',
  apply(line, { header }) {
    if (line.ch !== 'error' || !header.client.startsWith('ts')) return undefined;
    const python = pythonNames[line.error?.class];
    return python === undefined ? undefined : { ...line, error: { ...line.error, class: python } };
  },
};
