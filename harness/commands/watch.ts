import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { expectedGot } from '../../native/expected-got.mjs';
import { defaultFolders } from '../run/folders.ts';
import { decidingSources } from '../verdict/deciding-sources.ts';
import { type Again, selectTouched, touchedBy, type Watched } from '../watch/select-touched.ts';
import { watchFolders } from '../watch/watch-folders.ts';
import { list, parseClients, parseEngines, type RunArgs, runArgs } from './arguments.ts';
import { lookAround, outOf, type Terminal } from './context.ts';
import { UsageError } from './read-arguments.mjs';

/** The folders that hold what decides a verdict; files at the root of the repository are not watched. */
const watched = [
  ...new Set(
    Object.values(decidingSources)
      .flat()
      .map((place) => path.posix.dirname(`${place}/x`).split('/')[0] as string)
      .filter((folder) => path.extname(folder) === ''),
  ),
];

/** An editor writes a file in several steps, a checkout many files: a change is over once nothing has come for so long. */
const quietMs = 100;

/**
 * `run --watch`: the run, and then, until the signal aborts, what each change touches. Every run is a process of its own, so that a change of anything counts, the
 * harness and the fake's bundle included. What runs again writes beside the first run's folder, whose report stays whole.
 */
export async function watch(args: RunArgs, terminal: Terminal): Promise<number> {
  if (args.shard !== undefined)
    throw new UsageError(expectedGot('reading the arguments of run', '--watch or --shard', 'both'));
  if (args.driver !== undefined)
    throw new UsageError(expectedGot('reading the arguments of run', '--watch or --driver', 'both'));
  const given = outOf(args);
  const { repository, out } = defaultFolders(given === undefined ? undefined : path.resolve(given));
  const { signal } = terminal;
  const there = await lookAround(args.offline === true, repository);
  const [clients, engines] = [parseClients(args.client), parseEngines(args.engine)];
  const selection: Watched = {
    scenarios: list(args.scenario),
    clients: clients.length > 0 ? clients : there.clients,
    engines: engines.length > 0 ? engines : there.engines,
  };
  const changed = new Set<string>();
  let wake = () => {};
  const onChange = (file: string) => {
    if (touchedBy(file) === undefined) return;
    changed.add(file);
    wake();
  };
  await watchFolders(repository, watched, onChange, signal);
  await runOnce(repository, { ...args, out }, terminal);
  while (!signal.aborted) {
    terminal.note('watching for changes; Ctrl-C ends');
    if (changed.size === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    for (let seen = -1; seen !== changed.size && !signal.aborted; ) {
      seen = changed.size;
      await setTimeout(quietMs, undefined, { signal }).catch(() => undefined);
    }
    if (signal.aborted) break;
    const files = [...changed].sort();
    changed.clear();
    const runs = selectTouched(
      files.flatMap((file) => touchedBy(file) ?? []),
      selection,
    );
    terminal.note(`changed: ${files.join(', ')}${runs.length === 0 ? '; touches none of the watched cells' : ''}`);
    for (const again of runs) {
      if (signal.aborted) break;
      await runOnce(repository, { ...args, ...texts(again), json: undefined, out: `${out}-watch` }, terminal);
    }
  }
  return 0;
}

const texts = ({ scenarios, clients, engines }: Again): Pick<RunArgs, 'scenario' | 'client' | 'engine'> => ({
  ...(scenarios !== undefined && { scenario: scenarios.join(',') }),
  ...(clients !== undefined && { client: clients.join(',') }),
  ...(engines !== undefined && { engine: engines.join(',') }),
});

/** Ends with the signal: the run is told first, and ends in order. */
async function runOnce(repository: string, args: RunArgs, { signal }: Terminal): Promise<void> {
  const given = optionsOf(args);
  await execa(process.execPath, [path.join(repository, 'scripts', 'parity.mjs'), 'run', ...given], {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 30_000,
  });
}

/** The options of a run as they stand on a command line. They follow from their definitions, so that a new one is passed on too. */
export const optionsOf = (args: RunArgs): string[] =>
  (Object.keys(runArgs) as (keyof typeof runArgs)[]).flatMap((name) => {
    const value = args[name];
    if (name === 'watch' || value === undefined || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, value];
  });
