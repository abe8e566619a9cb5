import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fetchEngine, readEngineLock, resolveEngine, venvPython } from '../../native/index.ts';
import type { ClientId, EngineKind, GuestId } from '../clients/clients.ts';
import { clientFacts, clientIds } from '../clients/clients.ts';
import { namesLackingIn } from '../contract/window.ts';
import { greetGuest } from '../driver/guest.ts';
import { baseEnv } from '../engine/cell-env.ts';
import type { GithubRun } from '../report/ci/github-run.ts';
import { defaultFolders, type Folders, partFolder } from '../run/folders.ts';
import type { Target } from '../run/plan.ts';
import { type EngineFacts, Session } from '../run/session.ts';
import { type Library, loadLibrary, loadScenarios, matchesId } from '../scenario/index.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { list, parseCount, parseFamily, type RunArgs } from './arguments.ts';
import type { Output } from './output.mjs';
import { UsageError } from './read-arguments.mjs';

/** What the CLI gives its commands: the only way to the terminal. */
export interface Terminal extends Pick<Output, 'out' | 'note' | 'live' | 'status' | 'command' | 'paint'> {
  signal: AbortSignal;
  /** The workflow of GitHub Actions that this is a step of; undefined elsewhere. */
  github?: GithubRun | undefined;
  /** Asks for yes or no; absent where nobody is there to answer. */
  ask?(question: string): Promise<boolean>;
}

export interface Selection {
  scenario?: string | undefined;
  family?: string | undefined;
  jobs?: string | undefined;
  offline?: boolean | undefined;
  engine?: string | undefined;
}

export const defaultJobs = (): number => Math.min(4, availableParallelism());

/** Cells of a run wait for much of their time; recordings, which may race, and proofs are given a processor each. */
export const defaultRunJobs = (): number => Math.min(4, 2 * availableParallelism());

export const jobsOf = (selection: Selection, otherwise = defaultJobs()): number =>
  parseCount('jobs', selection.jobs, otherwise);

/** The folder of a run's results. Without `--out`, a selection has its own, so that the results of the whole stay; a shard is merged with the others. */
export function outOf({ out, scenario, family, client, engine, offline }: RunArgs): string | undefined {
  if (out !== undefined) return out;
  return [scenario, family, client, engine].some((one) => one !== undefined) || offline === true
    ? partFolder
    : undefined;
}

export async function allScenarios(folders: Folders): Promise<LoadedScenario[]> {
  return loadScenarios(folders.scenarios);
}

/** The scenarios that one of the globs matches, and the ids of all. @throws DataError as `allScenarios` does */
export const libraryOf = ({ repository, scenarios }: Folders, globs: readonly string[]): Promise<Library> =>
  loadLibrary(scenarios, globs, path.join(repository, '.cache', 'scenarios.json'));

/**
 * @param all every scenario that the selection can be of
 * @param ids of every scenario that exists, to name those that a wrong name may have meant
 * @throws UsageError when a name or glob matches nothing
 */
export function selectScenarios(
  all: readonly LoadedScenario[],
  selection: Selection,
  ids: readonly string[] = all.map(({ id }) => id),
): LoadedScenario[] {
  const family = parseFamily(selection.family);
  const globs = list(selection.scenario);
  const unmatched = globs.filter((glob) => !ids.some((id) => matchesId(id, glob)));
  if (unmatched.length > 0) {
    const nearest = ids.filter((id) => unmatched.some((glob) => id.includes(glob.split('/').at(-1) ?? glob)));
    throw new UsageError(
      `no scenario matches ${unmatched.join(', ')}${nearest.length > 0 ? `; did you mean ${nearest.join(', ')}?` : ''}`,
    );
  }
  return all.filter(
    (scenario) =>
      (family === undefined || scenario.family === family) &&
      (globs.length === 0 || globs.some((glob) => matchesId(scenario.id, glob))),
  );
}

/** Those of the clients that any of the scenarios is for: no other driver needs to be started. */
export function clientsFor(scenarios: readonly LoadedScenario[], clients: readonly ClientId[]): ClientId[] {
  const families = new Set(scenarios.map(({ family }) => family));
  return clients.filter((client) => families.has(clientFacts(client).family));
}

/** What is there to run with. Without Python, its clients are not; without an engine for the platform, or offline, there is the fake alone. */
export async function lookAround(
  offline: boolean,
  repository: string,
): Promise<{
  python: string | undefined;
  engine: EngineFacts | undefined;
  clients: ClientId[];
  engines: EngineKind[];
}> {
  const python = venvPython(repository);
  const hasPython = !offline && existsSync(python);
  const engine = offline ? undefined : await resolveEngine();
  return {
    python: hasPython ? python : undefined,
    engine,
    // The official exec SDK of TypeScript needs no Python, but it is a reference: offline there is ours alone.
    clients: clientIds.filter((client) =>
      offline ? clientFacts(client).maker !== 'official' : clientFacts(client).language !== 'python' || hasPython,
    ),
    engines: engine === undefined ? ['fake'] : ['real', 'fake'],
  };
}

/**
 * The engines that cells run on: the real one of each version, and where the pin is among them, the fake, which stands for the pin alone.
 * @param engines kinds that were asked for
 */
export async function targetsOf(engines: readonly EngineKind[], versions: readonly string[]): Promise<Target[]> {
  const { pin } = readEngineLock();
  const targets: Target[] = [];
  for (const engine of engines) {
    for (const version of engine === 'real' ? versions : versions.filter((one) => one === pin)) {
      const lacks = await namesLackingIn(version);
      targets.push({ engine, version, lacks, ...(version !== pin && { other: true }) });
    }
  }
  return targets;
}

/** The engines of these versions beside the pin, brought where they are not there. */
async function fetchOthers(
  versions: readonly string[],
  repository: string,
  terminal: Terminal,
): Promise<Map<string, EngineFacts>> {
  const others = new Map<string, EngineFacts>();
  const { pin } = readEngineLock();
  for (const version of versions.filter((one) => one !== pin)) {
    const options = { root: repository, log: (line: string) => terminal.note(line), signal: terminal.signal };
    others.set(version, await fetchEngine(version, options));
  }
  return others;
}

/**
 * Opens a session with what is there.
 * @param versions of the real engine; one that is not there is downloaded
 * @param driver command line of a driver whose client joins
 */
export async function openSession(
  offline: boolean,
  terminal: Terminal,
  out?: string,
  versions: readonly string[] = [],
  driver?: string,
): Promise<{ session: Session; clients: ClientId[]; engines: EngineKind[]; guest: GuestId | undefined }> {
  const folders = defaultFolders(out === undefined ? undefined : path.resolve(out));
  // First of all: it is the likeliest to fail.
  const guest = driver === undefined ? undefined : await greetGuest(driver, baseEnv());
  const { python, engine, clients, engines } = await lookAround(offline, folders.repository);
  if (offline)
    terminal.note('offline: no Python client, no real engine; our client against the goldens on the fake engine');
  const others = offline ? new Map<string, EngineFacts>() : await fetchOthers(versions, folders.repository, terminal);
  const session = await Session.open({
    folders,
    engine,
    others,
    present: clients,
    pinned: { version: readEngineLock().pin, sha256: 'fake' },
    python,
    signal: terminal.signal,
    ...(guest && { guest }),
  });
  return { session, clients: guest ? [...clients, guest.id] : clients, engines, guest: guest?.id };
}
