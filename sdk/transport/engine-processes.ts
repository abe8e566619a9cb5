import { randomId } from '../host/random-id.ts';
import { setTimeout } from '../host/real-timers.ts';
import type { ProcessEntry } from './process-entry.ts';
import { isSame, listProcesses } from './process-list.ts';

/** The variable that marks an engine and all that it starts. Commands of an agent that uses this SDK itself have both marks. */
const markName = 'TWINPROOF_ENGINE';

/** How long the processes have to end by themselves, in milliseconds, and then from SIGTERM to SIGKILL. */
const ownEndMs = 200;
const exitGraceMs = 2000;
/** How long it may take until a killed process is gone. One that the system does not let go is left. */
const killMs = 2000;
const pollMs = 10;

type Signal = 'SIGTERM' | 'SIGKILL';

/**
 * Finds and ends the processes that an engine has started: those below it, and those that carry its mark in their
 * environment, such as a command that has called `setsid` and whose parent is gone. A process that has left the tree
 * and has cleaned its environment is out of reach. Works on Linux and macOS.
 */
export class EngineProcesses {
  readonly #mark = randomId();
  /** Those that have been seen below the engine, by id and start. */
  readonly #seen = new Map<string, ProcessEntry>();

  /** The environment for the engine, with the mark. */
  marked(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const outer = env[markName];
    return { ...env, [markName]: outer ? `${outer},${this.#mark}` : this.#mark };
  }

  /** Remembers what runs below the engine now: once it is gone, its children have another parent. */
  async note(enginePid: number | undefined): Promise<void> {
    if (enginePid === undefined) return;
    const all = (await listProcesses(false)) ?? [];
    // Only a child of this process: where the start of programs is mocked, the id may be that of anybody.
    const engine = all.find(({ pid, parent }) => pid === enginePid && parent === process.pid);
    if (engine) for (const entry of below([engine], all)) this.#seen.set(keyOf(entry), entry);
  }

  /** Ends everything that is left of the engine, once the engine itself has ended. Never rejects. */
  async endAll(): Promise<void> {
    await end((all) => this.#left(all));
  }

  /**
   * Ends the processes of some commands, and what they have started. Never rejects.
   * @param isOf whether a process belongs to one of them, by its environment
   */
  async endCommands(isOf: (environment: string) => boolean): Promise<void> {
    await end((all) => {
      const own = all.filter(({ environment }) => environment.includes(this.#mark) && isOf(environment));
      return [...own, ...below(own, all)];
    });
  }

  #left(all: readonly ProcessEntry[]): ProcessEntry[] {
    const own = all.filter((entry) => entry.environment.includes(this.#mark) || this.#seen.has(keyOf(entry)));
    return [...own, ...below(own, all)];
  }
}

const keyOf = ({ pid, start }: ProcessEntry): string => `${pid} ${start}`;

/** The processes below these. */
function below(roots: readonly ProcessEntry[], all: readonly ProcessEntry[]): ProcessEntry[] {
  const found = new Set<ProcessEntry>();
  const pids = new Set(roots.map(({ pid }) => pid));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const entry of all)
      if (pids.has(entry.parent) && !roots.includes(entry)) {
        found.add(entry);
        pids.add(entry.pid);
      }
  }
  return [...found];
}

/** Waits for the processes to end, asks them to, kills them. A process that appears meanwhile gets the same. */
async function end(select: (all: readonly ProcessEntry[]) => ProcessEntry[]): Promise<void> {
  // Not the global: a test may have put a clock in its place that stands still.
  const { performance } = await import('node:perf_hooks');
  const since = performance.now();
  const signalled = new Map<string, Signal>();
  for (;;) {
    const all = await listProcesses();
    const left = all ? [...new Set(select(all))].filter(({ pid }) => pid !== process.pid && pid > 1) : [];
    const passed = performance.now() - since;
    if (left.length === 0 || passed > ownEndMs + exitGraceMs + killMs) return;
    const signal = passed < ownEndMs ? undefined : passed < ownEndMs + exitGraceMs ? 'SIGTERM' : 'SIGKILL';
    for (const entry of left) {
      if (signal === undefined || signalled.get(keyOf(entry)) === signal) continue;
      signalled.set(keyOf(entry), signal);
      await sendSignal(entry, signal);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function sendSignal(entry: ProcessEntry, signal: Signal): Promise<void> {
  try {
    if (await isSame(entry)) process.kill(entry.pid, signal);
  } catch {
    // It has ended meanwhile, or belongs to somebody else.
  }
}
