import { hasFailed } from './engine-words.ts';
import { EventLog } from './event-log.ts';
import { isObject } from './is-object.ts';
import type { Notification } from './notification.ts';

/**
 * Where a turn is:
 * - `idle`: nobody has asked for it.
 * - `starting`: the engine has been asked, and has not said anything of the turn.
 * - `streaming`: the engine works on it.
 * - `awaiting-approval`: the engine waits until somebody allows or refuses something.
 * - `awaiting-input`: the engine waits for what only the user knows.
 * - `completed`, `failed`, `interrupted`: how the engine says that it ended.
 * - `lost`: the connection went before its end, so nobody here knows how it ended.
 */
export type TurnState =
  | 'idle'
  | 'starting'
  | 'streaming'
  | 'awaiting-approval'
  | 'awaiting-input'
  | 'completed'
  | 'failed'
  | 'interrupted'
  | 'lost';

/** What moves a turn from one state to another. */
export type TurnStep =
  | { step: 'asked' }
  /** Any event of the turn but its end. */
  | { step: 'told' }
  | { step: 'ended'; state: 'completed' | 'failed' | 'interrupted' }
  /** The engine has sent a request of this turn. */
  | { step: 'request'; id: string; awaits: 'approval' | 'input' }
  /** It has its answer, or needs none any more. */
  | { step: 'resolved'; id: string }
  | { step: 'lost' };

const finals: readonly TurnState[] = ['completed', 'failed', 'interrupted', 'lost'];

/** Whether a turn in this state is over. */
export function isOver(state: TurnState): boolean {
  return finals.includes(state);
}

/** What a request of the engine waits for. Undefined if no person is asked: a tool call, a token, an attestation. */
export function awaited(method: string, params: unknown): 'approval' | 'input' | undefined {
  if (/approval$/i.test(method)) return 'approval';
  if (method === 'item/tool/requestUserInput') return 'input';
  if (method !== 'mcpServer/elicitation/request') return undefined;
  const meta = isObject(params) && isObject(params._meta) ? params._meta : {};
  return meta.codex_approval_kind === undefined ? 'input' : 'approval';
}

/** The step that an event of the turn is. */
export function stepOf(event: Notification): TurnStep {
  if (event.method !== 'turn/completed') return { step: 'told' };
  const turn: { status?: unknown; error?: unknown } = isObject(event.payload.turn) ? event.payload.turn : {};
  if (hasFailed(turn.status, turn.error)) return { step: 'ended', state: 'failed' };
  return { step: 'ended', state: turn.status === 'interrupted' ? 'interrupted' : 'completed' };
}

/**
 * The state of one turn: the only place that decides it. What is over stays as it is, and a step that does not fit changes
 * nothing: the engine may send anything.
 */
export class TurnProgress {
  #state: TurnState;
  /** What the engine waits for, by the id of its request. */
  readonly #requests = new Map<string, 'approval' | 'input'>();
  #approvals = 0;
  #changes: EventLog<TurnState> | undefined;

  constructor(state: TurnState = 'idle') {
    this.#state = state;
  }

  get state(): TurnState {
    return this.#state;
  }

  /** Every change from now on. It ends with the turn. */
  get changes(): EventLog<TurnState> {
    if (!this.#changes) {
      this.#changes = new EventLog(changesLimit);
      if (isOver(this.#state)) this.#changes.end();
    }
    return this.#changes;
  }

  take(step: TurnStep): void {
    if (isOver(this.#state)) return;
    switch (step.step) {
      case 'asked':
        if (this.#state === 'idle') this.#enter('starting');
        return;
      case 'told':
        if (this.#state === 'idle' || this.#state === 'starting') this.#enter('streaming');
        return;
      case 'request':
        this.#resolve(step.id);
        this.#requests.set(step.id, step.awaits);
        if (step.awaits === 'approval') this.#approvals += 1;
        this.#enter(this.#running);
        return;
      case 'resolved':
        if (this.#resolve(step.id)) this.#enter(this.#running);
        return;
      case 'ended':
        this.#end(step.state);
        return;
      case 'lost':
        this.#end('lost');
    }
  }

  #resolve(id: string): boolean {
    if (this.#requests.get(id) === 'approval') this.#approvals -= 1;
    return this.#requests.delete(id);
  }

  /** An approval comes first: it is what an agent must not do by itself. */
  get #running(): TurnState {
    if (this.#approvals > 0) return 'awaiting-approval';
    return this.#requests.size > 0 ? 'awaiting-input' : 'streaming';
  }

  #end(state: TurnState): void {
    this.#requests.clear();
    this.#enter(state);
    this.#changes?.end();
  }

  #enter(state: TurnState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#changes?.append(state);
  }
}

/** Of a turn's changes that nobody reads, about a thousand are kept. */
const changesLimit = 500_000;
