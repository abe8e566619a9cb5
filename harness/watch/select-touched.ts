import { type ClientId, clientsWhere, type EngineKind, type KnownClient } from '../clients/clients.ts';
import { matchesId } from '../scenario/index.ts';
import { partOf } from '../verdict/deciding-sources.ts';

/** What is watched: the selection of the run. */
export interface Watched {
  /** Globs; none: all scenarios. */
  scenarios: readonly string[];
  /** The requested or available clients. */
  clients: readonly ClientId[];
  engines: readonly EngineKind[];
}

/** A run that repeats the affected cells. What is absent is as in the watched run. */
export interface Again {
  scenarios?: string[];
  clients?: ClientId[];
  engines?: EngineKind[];
}

/** The smallest set of runs that repeats the watched cells affected by the changes; empty if none are. */
export function selectTouched(changes: readonly Touched[], watched: Watched): Again[] {
  const runs: Again[] = [];
  for (const touched of changes) {
    const run = within(touched, watched);
    if (run === undefined) continue;
    // A run of the whole selection includes every other.
    if (Object.keys(run).length === 0) return [run];
    const same = runs.find(({ clients, engines }) => sameList(clients, run.clients) && sameList(engines, run.engines));
    if (same === undefined) runs.push(run);
    else if (same.scenarios === undefined || run.scenarios === undefined) delete same.scenarios;
    else same.scenarios = [...new Set([...same.scenarios, ...run.scenarios])];
  }
  return runs;
}

function within({ scenario, clients, engine }: Touched, watched: Watched): Again | undefined {
  const again: Again = {};
  if (scenario !== undefined) {
    again.scenarios = scenariosWithin(scenario, watched.scenarios);
    if (again.scenarios.length === 0) return undefined;
  }
  if (clients !== undefined) {
    again.clients = watched.clients.filter((client) => clients.includes(client));
    if (again.clients.length === 0) return undefined;
  }
  if (engine !== undefined) {
    if (!watched.engines.includes(engine)) return undefined;
    again.engines = [engine];
  }
  return again;
}

/** A file with a matrix has its cases below its own id, and a glob may name one of them. */
function scenariosWithin(id: string, globs: readonly string[]): string[] {
  if (globs.length === 0 || globs.some((glob) => matchesId(id, glob))) return [id];
  const cases = globs.filter((glob) => glob.startsWith(`${id}/`));
  // `approvals/*/accept` may name a case of this file; the run itself decides which.
  return cases.length > 0 ? cases : globs.filter((glob) => /[*?{]/.test(glob) && mayReach(id, glob));
}

/** Whether the glob's first segments match the id. */
function mayReach(id: string, glob: string): boolean {
  const depth = id.split('/').length;
  const parts = glob.split('/');
  return parts.length > depth && matchesId(id, parts.slice(0, depth).join('/'));
}

const sameList = (a: readonly string[] | undefined, b: readonly string[] | undefined) => a?.join(',') === b?.join(',');

/** Which cells a changed file touches; an absent key: all. */
export interface Touched {
  /** Id of the scenario file. */
  scenario?: string;
  clients?: readonly ClientId[];
  engine?: EngineKind;
}

type Rule = [pattern: RegExp, touched: (match: RegExpExecArray) => Touched];

const scenarioOf = ([, scenario]: RegExpExecArray): Touched => ({ scenario: String(scenario) });
const clientsOf = (test: (client: KnownClient) => boolean) => () => ({ clients: clientsWhere(test) });

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
