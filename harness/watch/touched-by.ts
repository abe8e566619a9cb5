import { type Client, type ClientId, clientsWhere, type EngineKind } from '../clients/clients.ts';
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
const clientsOf = (test: (client: Client) => boolean) => () => ({ clients: clientsWhere(test) });

/** What touches less than everything. The first that matches counts. */
const rules: readonly Rule[] = [
  [/^fixtures\/scenarios\/(.+)\.ya?ml$/, scenarioOf],
  [/^fixtures\/golden\/(.+)\.jsonl$/, scenarioOf],
  [/^sdk\/exec(?:\.ts|\/)/, clientsOf(({ maker, family }) => maker === 'ours' && family === 'exec')],
  [/^sdk\//, clientsOf(({ maker }) => maker === 'ours')],
  [/^python-golden\//, clientsOf(({ language }) => language === 'python')],
  // The other TypeScript drivers are made of its parts.
  [/^harness\/driver\/ts\//, clientsOf(({ language }) => language === 'typescript')],
  [/^harness\/driver\/[a-z-]+\//, ([folder]) => clientsOf(({ driver }) => driver.startsWith(folder))()],
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
