import type { ClientId, EngineKind } from '../clients/types.ts';
import { partOf } from '../verdict/deciding-sources.ts';

/** Which cells a changed file touches; an absent key: all. */
export interface Touched {
  /** Id of the scenario file. */
  scenario?: string;
  clients?: readonly ClientId[];
  engine?: EngineKind;
}

type Rule = [pattern: RegExp, touched: (match: RegExpExecArray) => Touched];

const scenarioOf = ([, scenario]: RegExpExecArray): Touched => ({ scenario: String(scenario) });
const clients =
  (...ids: ClientId[]) =>
  () => ({ clients: ids });

/** What touches less than everything. The first that matches counts. */
const rules: readonly Rule[] = [
  [/^fixtures\/scenarios\/(.+)\.ya?ml$/, scenarioOf],
  [/^fixtures\/golden\/(.+)\.jsonl$/, scenarioOf],
  [/^sdk\/exec(?:\.ts|\/)/, clients('ts-exec')],
  [/^sdk\//, clients('ts', 'ts-exec')],
  [/^python-golden\//, clients('python', 'python-async', 'python-exec')],
  [/^harness\/driver\/exec\//, clients('ts-official', 'ts-exec')],
  [/^harness\/driver\/bare\//, clients('bare')],
  // The other TypeScript drivers are made of its parts.
  [/^harness\/driver\/ts\//, clients('ts', 'bare', 'ts-official', 'ts-exec')],
  [/^(?:fake-codex-rs|testing\/play)\/|^scripts\/build-fake\.mjs$/, () => ({ engine: 'fake' })],
  [/^testing\/model\//, () => ({ engine: 'real' })],
];

/**
 * The cells that a change of this file touches; undefined: none. What only counts or renders touches none. What decides a verdict touches all, unless a rule
 * says less.
 * @param file relative to the repository, with `/`
 */
export function touchedBy(file: string): Touched | undefined {
  if (partOf(file) === undefined) return undefined;
  for (const [pattern, touched] of rules) {
    const match = pattern.exec(file);
    if (match !== null) return touched(match);
  }
  return {};
}
