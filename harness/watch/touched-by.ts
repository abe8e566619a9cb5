import type { ClientId, EngineKind } from '../clients/types.ts';

/** Which cells a changed file touches; an absent key: all. */
export interface Touched {
  /** Id of the scenario file. */
  scenario?: string;
  clients?: readonly ClientId[];
  engine?: EngineKind;
}

type Rule = [pattern: RegExp, touched: (match: RegExpExecArray) => Touched | undefined];

const nothing = () => undefined;
const everything = () => ({});
const scenarioOf = ([, scenario]: RegExpExecArray): Touched => ({ scenario: String(scenario) });
const clients =
  (...ids: ClientId[]) =>
  () => ({ clients: ids });

/** The first that matches counts. */
const rules: readonly Rule[] = [
  // Tests of the code, and what a program or an editor leaves beside a source.
  [/\.(?:test|spec)\.ts$|\/(?:tests|test-fixtures)\/|(?:^|\/)\.|~$/, nothing],
  [/^fixtures\/scenarios\/(.+)\.ya?ml$/, scenarioOf],
  [/^fixtures\/golden\/(.+)\.jsonl$/, scenarioOf],
  [/^fixtures\/(?:known-differences\.yaml|contract\/.+\.json)$/, everything],
  [/^sdk\/exec(?:\.ts|\/.+\.ts)$/, clients('ts-exec')],
  [/^sdk\/.+\.ts$/, clients('ts', 'ts-exec')],
  [/^python-golden\/.+\.(?:py|lock)$/, clients('python', 'python-async', 'python-exec')],
  [/^harness\/driver\/exec\/.+\.ts$/, clients('ts-official', 'ts-exec')],
  [/^harness\/driver\/bare\/.+\.ts$/, clients('bare')],
  // The other TypeScript drivers are made of its parts.
  [/^harness\/driver\/ts\/.+\.ts$/, clients('ts', 'bare', 'ts-official', 'ts-exec')],
  [/^(?:fake-codex-rs|testing\/play)\/.+\.(?:ts|mjs)$/, () => ({ engine: 'fake' })],
  [/^testing\/model\/.+\.ts$/, () => ({ engine: 'real' })],
  [
    /^harness\/(?:cell|clients|compare|contract|driver|engine|golden|normalise|observation|run|scenario|verdict)\/.+\.m?[jt]s$/,
    everything,
  ],
  [/^(?:native|testing)\/.+\.(?:m?[jt]s|json)$/, everything],
];

/**
 * The cells that a change of this file touches; undefined: none. What only counts or renders touches none.
 * @param file relative to the repository, with `/`
 */
export function touchedBy(file: string): Touched | undefined {
  for (const [pattern, touched] of rules) {
    const match = pattern.exec(file);
    if (match !== null) return touched(match);
  }
  return undefined;
}
