/**
 * What is counted, with its name on the terminal. `out`: client → engine; `in`: engine → client. Fields and enum values
 * count in the direction in which they were seen.
 */
export const coverageKinds = {
  requests: { title: 'client requests, sent', direction: 'out' },
  answers: { title: 'client requests, answered', direction: 'in' },
  results: { title: 'client requests, answered with a result', direction: 'in' },
  clientNotifications: { title: 'client notifications', direction: 'out' },
  notifications: { title: 'notifications', direction: 'in' },
  serverRequests: { title: 'server requests, asked', direction: 'in' },
  serverAnswers: { title: 'server requests, answered', direction: 'out' },
  items: { title: 'item variants', direction: 'in' },
  fieldsOut: { title: 'fields sent', direction: 'out' },
  fieldsIn: { title: 'fields received', direction: 'in' },
  enumValuesOut: { title: 'enum values sent', direction: 'out' },
  enumValuesIn: { title: 'enum values received', direction: 'in' },
  errorCodes: { title: 'error codes', direction: 'in' },
  execEvents: { title: 'exec: events', direction: 'in' },
  execItems: { title: 'exec: item variants', direction: 'in' },
  faults: { title: 'fault kinds', direction: 'in' },
} as const satisfies Record<string, { title: string; direction: 'in' | 'out' }>;

export type CoverageKind = keyof typeof coverageKinds;

/** One thing that can be covered: `requests thread/start`, `enumValuesIn TurnStatus=failed`. */
export type CoveragePoint = `${CoverageKind} ${string}`;

export const pointOf = (kind: CoverageKind, name: string): CoveragePoint => `${kind} ${name}`;

export function splitPoint(point: CoveragePoint): { kind: CoverageKind; name: string } {
  const at = point.indexOf(' ');
  return { kind: point.slice(0, at) as CoverageKind, name: point.slice(at + 1) };
}

/** The error codes that SDKs distinguish; the codes of the server's range count as one, and so do all others. */
export const errorCodes = ['-32700', '-32600', '-32601', '-32602', '-32603', '-32099…-32000', 'other'] as const;

export function errorCodeOf(code: number): (typeof errorCodes)[number] {
  const own = errorCodes.find((known) => known === String(code));
  if (own !== undefined) return own;
  return code >= -32099 && code <= -32000 ? '-32099…-32000' : 'other';
}
