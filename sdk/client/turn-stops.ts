import { InvalidRequestError } from '../errors/rpc-errors.ts';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import { flag, type RulesFor } from '../options/check-options.ts';
import type { JsonObject } from '../protocol/index.ts';
import type { InternalCallOptions } from '../rpc/connection.ts';
import { isObject } from '../rpc/is-object.ts';
import { keepNewest } from '../rpc/keep-newest.ts';
import type { KeyedLock } from '../rpc/keyed-lock.ts';
import { type CallOptions, callRules } from '../rpc/limits.ts';
import type { SubAgents } from '../rpc/sub-agents.ts';
import type { EngineProcesses } from '../transport/engine-processes.ts';

/** What stops a turn: the signal that the program gave when it started it. */
export interface StopSignal {
  signal?: AbortSignal | undefined;
  /** Also ends the commands of the turn. */
  hard?: boolean | undefined;
}

/** What a signal that is given to the start of a turn does. */
export interface StopOptions extends CallOptions {
  /**
   * Stops the turn: before its start is sent, nothing is sent; after that, the turn is interrupted (`turn/interrupt`),
   * also if its start is answered later, with its sub-agents, and the engine is asked to end their commands. A call that waits rejects with an `AbortError` at once; a handle's events go on
   * to `turn/completed`, and its result has the status `interrupted`. The next turn of the thread starts when this one
   * has ended. A signal that you give to a method of a handle ends that wait alone.
   */
  signal?: AbortSignal | undefined;
  /**
   * Whether `signal` also ends what the turn's commands have left behind, such as a server in a session of its own, and
   * `run()` rejects when all of it is gone. Default: false. See `TurnHandle.interrupt()`.
   */
  hardAbort?: boolean | undefined;
}

export const stopRules: RulesFor<StopOptions> = { ...callRules, hardAbort: flag };

/** Of how many turns it is known whether they have started and ended, and what commands they have run. */
const knownTurns = 1000;

/** How long a turn may take to end once it has been interrupted. The real engine leaves some interrupts unanswered. */
const stopTimeoutMs = 10_000;

interface KnownTurn {
  /** Seen by its `turn/started`: before that, the engine refuses to interrupt it. */
  started: boolean;
  ended: boolean;
  /** By its own end, without having been stopped. */
  completed: boolean;
  /** A start of this client was told that this is its turn. */
  claimed: boolean;
  /** By a signal, and how. */
  stopped: 'soft' | 'hard' | undefined;
  /** Its commands, by their items. What they have started may outlive them. */
  commands: Map<string, 'runs' | 'ended'>;
}

/**
 * Stops turns: interrupts them whatever stage they are in, and ends their commands on request. Until an interrupted turn
 * has ended, no other turn is started on its thread, because the engine would join the two.
 */
export class TurnStops {
  readonly #request: (method: string, params: object, options: InternalCallOptions) => Promise<JsonObject>;
  readonly #starts: KeyedLock;
  readonly #subAgents: SubAgents;
  readonly #processes: EngineProcesses | undefined;
  /** The newest turn of each thread that has one running. */
  readonly #running = new Map<string, string>();
  readonly #turns = new Map<string, KnownTurn>();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #stopping = new Map<string, Promise<void>>();
  #gone = false;

  /** @param processes those of the engine, if this program has started it */
  constructor(
    request: (method: string, params: object, options: InternalCallOptions) => Promise<JsonObject>,
    starts: KeyedLock,
    subAgents: SubAgents,
    processes: EngineProcesses | undefined,
  ) {
    this.#request = request;
    this.#starts = starts;
    this.#subAgents = subAgents;
    this.#processes = processes;
  }

  /** Takes every notification that belongs to a turn. */
  see(method: string, turnId: string, payload: JsonObject): void {
    if (method === 'item/started' || method === 'item/completed') {
      const { type, id }: { type?: unknown; id?: unknown } = isObject(payload.item) ? payload.item : {};
      if (type === 'commandExecution' && typeof id === 'string')
        this.#known(turnId).commands.set(id, method === 'item/started' ? 'runs' : 'ended');
    } else if (method === 'turn/started' || method === 'turn/completed') {
      const turn = this.#known(turnId);
      turn.started = true;
      turn.ended ||= method === 'turn/completed';
      turn.completed ||= turn.ended && isObject(payload.turn) && payload.turn.status === 'completed';
      this.#wake(turnId);
      if (typeof payload.threadId === 'string') this.#seeTurn(turn, turnId, payload.threadId);
    }
  }

  #seeTurn(turn: KnownTurn, turnId: string, threadId: string): void {
    const before = this.#running.get(threadId);
    if (turn.ended) {
      if (before === turnId) this.#running.delete(threadId);
      return;
    }
    keepNewest(this.#running.set(threadId, turnId), knownTurns);
    // A sub-agent that was begun just before its turn was stopped.
    const { turnId: workedFor = '' } = this.#subAgents.workOf(threadId) ?? {};
    const stopped = this.#turns.get(workedFor)?.stopped;
    if (stopped && !turn.claimed && !this.#starts.isHeld(threadId))
      void this.stop(threadId, turnId, stopped === 'hard');
  }

  /** The connection is gone: no turn goes on, as far as anybody can tell. */
  fail(): void {
    this.#gone = true;
    this.#running.clear();
    for (const turnId of [...this.#waiting.keys()]) this.#wake(turnId);
  }

  /** Whether this client has seen the turn end. */
  hasEnded(turnId: string): boolean {
    return this.#turns.get(turnId)?.ended === true;
  }

  /**
   * Stops the turn once the signal fires, up to the turn's end.
   * @returns waits for what is to be over before the caller is told; nothing, unless the stop is hard
   */
  bind({ signal, hard = false }: StopSignal, threadId: string, turnId: string): () => Promise<void> {
    let stopped = Promise.resolve();
    if (!signal || this.hasEnded(turnId)) return () => stopped;
    const stop = () => {
      const stopping = this.stop(threadId, turnId, hard);
      if (hard) stopped = stopping;
    };
    if (signal.aborted) stop();
    else {
      const stopListening = onAbort(signal, stop);
      void this.#until(turnId, 'ended').then(stopListening);
    }
    return () => stopped;
  }

  /** A start of this client was told that this is its turn. */
  claim(turnId: string): void {
    this.#known(turnId).claimed = true;
  }

  /** Stops a turn whose start was answered after its caller had given up, unless a later start has joined it. Never rejects. */
  async stopUnclaimed(threadId: string, turnId: string, hard = false): Promise<void> {
    const release = await this.#starts.acquire(threadId);
    if (this.#turns.get(turnId)?.claimed !== true) await this.stopLocked(threadId, turnId, hard);
    release();
  }

  /** Stops a turn whose start has been answered, and keeps other starts on its thread waiting. Never rejects. */
  async stop(threadId: string, turnId: string, hard: boolean): Promise<void> {
    const lock = this.#starts.acquire(threadId);
    try {
      await this.stopLocked(threadId, turnId, hard);
    } finally {
      (await lock)();
    }
  }

  /** As `stop()`, for whoever holds the lock for starts on the thread. */
  async stopLocked(threadId: string, turnId: string, hard: boolean): Promise<void> {
    this.#known(turnId).stopped = hard ? 'hard' : 'soft';
    const stopping = this.#stopping.get(turnId) ?? this.#interrupt(threadId, turnId);
    this.#stopping.set(turnId, stopping);
    // After the turn itself, which would go on when its sub-agents end.
    const subAgents = this.#stopSubAgents(turnId, hard);
    await stopping;
    this.#stopping.delete(turnId);
    if (hard) await this.#endCommands(threadId, turnId);
    else if (this.#turns.get(turnId)?.completed !== true) await this.#terminate(threadId, turnId);
    await subAgents;
  }

  /** Stops the turns of the sub-agents that work for a turn, except one that this program has started itself. */
  async #stopSubAgents(turnId: string, hard: boolean): Promise<void> {
    await Promise.all(
      this.#subAgents.of(turnId).map(async (threadId) => {
        const running = this.#running.get(threadId);
        const known = running === undefined ? undefined : this.#turns.get(running);
        // What the engine says of them is not trusted to be a tree.
        if (running === undefined || known?.claimed || known?.stopped) return;
        await this.stop(threadId, running, hard);
      }),
    );
  }

  /** Ends what goes on for a turn that has been interrupted: its commands that run, and its sub-agents. Never rejects. */
  async endWork(threadId: string, turnId: string): Promise<void> {
    this.#known(turnId).stopped = 'soft';
    await Promise.all([this.#stopSubAgents(turnId, false), this.#terminate(threadId, turnId)]);
  }

  /** Ends the commands that the turn has started, and what they have started, and its sub-agents. Never rejects. */
  async endAll(threadId: string, turnId: string): Promise<void> {
    this.#known(turnId).stopped = 'hard';
    await Promise.all([this.#stopSubAgents(turnId, true), this.#endCommands(threadId, turnId)]);
  }

  async #endCommands(threadId: string, turnId: string): Promise<void> {
    const commands = this.#turns.get(turnId)?.commands;
    if (!commands?.size) return;
    await this.#terminate(threadId, turnId);
    await this.#processes?.endCommands(
      (environment) =>
        has(environment, 'CODEX_THREAD_ID', threadId) &&
        [...commands.keys()].some((id) => has(environment, 'CODEX_TOOL_CALL_ID', id)),
    );
  }

  /** By the engine itself, which knows them where this program has not started it. */
  async #terminate(threadId: string, turnId: string): Promise<void> {
    const commands = this.#turns.get(turnId)?.commands ?? new Map();
    if (this.#gone || ![...commands.values()].includes('runs')) return;
    const options = { timeoutMs: stopTimeoutMs, keepsAlive: false };
    try {
      const { data } = await this.#request('thread/backgroundTerminals/list', { threadId }, options);
      for (const terminal of Array.isArray(data) ? data : []) {
        const { itemId, processId } = isObject(terminal) ? terminal : {};
        if (commands.get(itemId) === 'runs')
          await this.#request('thread/backgroundTerminals/terminate', { threadId, processId }, options);
      }
    } catch {
      // An engine without terminals, or one that is gone.
    }
  }

  /** Resolves when the turn has ended, or when nothing more can be done about it. */
  async #interrupt(threadId: string, turnId: string): Promise<void> {
    let tooLate = false;
    let giveUp = () => {};
    const late = new Promise<void>((resolve) => {
      giveUp = resolve;
    });
    const stopTimer = startDeadline(stopTimeoutMs, undefined, () => {
      tooLate = true;
      giveUp();
    });
    try {
      while (!this.hasEnded(turnId) && !this.#gone && !tooLate) {
        const before = this.#turns.get(turnId)?.started === true;
        const options = { timeoutMs: stopTimeoutMs, keepsAlive: false };
        const answer = this.#request('turn/interrupt', { threadId, turnId }, options);
        const outcome = await Promise.race([
          answer.then(
            () => 'taken' as const,
            (error: unknown) => error,
          ),
          this.#until(turnId, 'ended'),
          late,
        ]);
        if (outcome === 'taken') await Promise.race([this.#until(turnId, 'ended'), late]);
        else if (!(outcome instanceof InvalidRequestError) || before) return;
        // The engine has answered the start but does not know the turn yet.
        else await Promise.race([this.#until(turnId, 'started'), late]);
      }
    } finally {
      stopTimer();
      giveUp();
    }
  }

  async #until(turnId: string, phase: 'started' | 'ended'): Promise<void> {
    while (!this.#gone && this.#turns.get(turnId)?.[phase] !== true) {
      await new Promise<void>((resolve) => {
        const waiting = this.#waiting.get(turnId) ?? new Set();
        this.#waiting.set(turnId, waiting.add(resolve));
      });
    }
  }

  #wake(turnId: string): void {
    const waiting = this.#waiting.get(turnId);
    this.#waiting.delete(turnId);
    for (const resolve of waiting ?? []) resolve();
  }

  #known(turnId: string): KnownTurn {
    const known = this.#turns.get(turnId) ?? {
      started: false,
      ended: false,
      completed: false,
      claimed: false,
      stopped: undefined,
      commands: new Map(),
    };
    keepNewest(this.#turns.set(turnId, known), knownTurns);
    return known;
  }
}

/** Whether an environment as the system lists it has this variable. */
function has(environment: string, name: string, value: string): boolean {
  const at = environment.indexOf(`${name}=${value}`);
  return at >= 0 && /^[\0\s]?$/.test(environment.charAt(at + name.length + 1 + value.length));
}
