import type { Difference } from '../../../harness/compare/compare.ts';
import type { Rule } from '../../../harness/judging/rules.ts';
import { asNormalised, type NormalisedLine, type NormalisedObservation } from '../../../harness/normalise/types.ts';
import type { ObservationBody, ObservationLine } from '../../../harness/observation/types.ts';
import type { StandingScenario } from '../../../harness/scenario/types.ts';
import type { LedgerEntry } from '../../../harness/verdict/ledger.ts';

/** What to do, and what it must give; a refusal is `{ refused: TEXT }`, of which the text may be a part. */
export type Side = readonly [show: () => unknown, gives: unknown];

/** A situation on each side of a rule. */
export interface Sides {
  yes: Side;
  no: Side;
}

export type CasesOf<R extends Rule> = Record<R, Sides>;

export const refused = (text: string) => ({ refused: text });

export const difference = (over: Partial<Difference> = {}): Difference => ({
  ...{ kind: 'changed', lane: 'user/main', ch: 'result', key: 'codex.models', path: 'result:codex.models/value/a' },
  ...{ expected: 1, actual: 2 },
  ...over,
});

export const entry = (over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...{ id: 'e', scenario: 'turns/*', clients: ['ts'], path: 'result:codex.models/value/a', kind: 'idiom' },
  ...{ reason: 'r', evidence: 'e', line: 1 },
  ...over,
});

export const cellOf = (over: object = {}) =>
  ({ scenario: 'turns/plain', client: 'ts', engine: 'real', ...over }) as const;

export const scenario = (over: object = {}): StandingScenario =>
  ({
    id: 'turns/plain',
    title: 't',
    family: 'app-server',
    covers: [],
    steps: [],
    ...over,
  }) as unknown as StandingScenario;

export const plan = (over: object = {}) =>
  ({ scenario: scenario(), client: 'ts', engine: 'real', round: 1, ...over }) as never;

export const timed = (...lines: ObservationBody[]): ObservationLine[] => lines.map((line, t) => ({ t, ...line }));

export const observation = (lines: readonly ObservationBody[] = [], header: object = {}) =>
  ({
    header: {
      ...{ kind: 'observation', scenario: 'turns/plain', client: 'ts', engine: 'real', engineVersion: '1.0.0' },
      paths: { root: '/c', workspace: '/c/w', home: '/c/h', codexHome: '/c/x', tmp: '/c/t', launcher: '/c/l' },
      ...header,
    },
    lines: timed(...lines),
  }) as never;

export const golden = (lines: NormalisedLine[] = [], client = 'python'): NormalisedObservation =>
  asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario: 'turns/plain', client, engineVersion: '1.0.0' },
    lines,
    fired: {},
  });

export const checker = (findings: readonly object[] = []) =>
  ({ checkWire: (wire: unknown[]) => findings.filter(() => wire.length > 0), contract: { methods: {} } }) as never;
