import { oneClassInAllCopies } from '../../native/one-class.mjs';
import type { ApprovalDecision } from '../approvals/decisions.ts';
import type { TurnDenials } from '../approvals/denials.ts';
import type { ApprovalDenial } from '../approvals/options.ts';
import { CodexError, type CodexErrorKind } from '../errors/codex-error.ts';
import { literal } from '../errors/python-text.ts';
import type { ThreadItem, ThreadTokenUsage, TokenUsageBreakdown, TurnError, TurnStatus } from '../protocol/index.ts';
import { hasFailed } from '../rpc/engine-words.ts';
import { isObject } from '../rpc/is-object.ts';
import type { Notification } from '../rpc/notification.ts';
import { addUsage, spentBy } from '../rpc/turn-usage.ts';

/** The result of a turn (Python: `TurnResult`). */
export interface TurnResult<Output = unknown> {
  /** The turn's id. */
  id: string;
  /** `completed` or `interrupted`; another engine version may have other values. One that comes with an error is a failure. */
  status: TurnStatus;
  /** What went wrong, if the engine says so. A failed turn throws `TurnFailedError`, which carries its result. */
  error: TurnError | null;
  /** In seconds since 1970. */
  startedAt: number | null;
  /** In seconds since 1970. */
  completedAt: number | null;
  /** Milliseconds from start to end, as measured by the engine. */
  durationMs: number | null;
  /** The text of the final answer; see `finalResponse`. Null if the agent sent no final message. */
  finalResponse: string | null;
  /** Every item that completed during the turn, in order, including items of types that this SDK does not know. */
  items: ThreadItem[];
  /** The last token usage reported before the end: of the whole thread (`total`) and of its last request (`last`). */
  usage: ThreadTokenUsage | null;
  /**
   * What this turn has used: all of its requests to the model, those of a compaction included, without those of
   * sub-agents. Null if the engine has reported nothing. What a request was using when the turn was interrupted is not in it.
   */
  turnUsage: TokenUsageBreakdown | null;
  /** The value that the schema of the option `output` makes of the answer; not there without that option. */
  output: Output;
  /** What was refused during the turn, by your program or by the engine's reviewer, in order. */
  denials: ApprovalDenial[];
}

/**
 * The text that answers the user: the last message with the phase `final_answer`; if there is none, the last message
 * without a phase. Messages with any other phase never count. An empty text does count.
 */
export function finalResponse(items: readonly ThreadItem[]): string | null {
  const messages = items.filter((item) => item.type === 'agentMessage');
  const final =
    messages.findLast((item) => item.phase === 'final_answer') ?? messages.findLast((item) => item.phase == null);
  return final?.text ?? null;
}

/** What a turn's events come to, taken one after the other. */
export class TurnCollector {
  readonly #turnId: string;
  readonly #items: ThreadItem[] = [];
  readonly #denials: TurnDenials | undefined;
  #usage: ThreadTokenUsage | null = null;
  /** By the engine's turns: a goal has several. */
  readonly #spent = new Map<string, TokenUsageBreakdown>();
  #result: Omit<TurnResult, 'output'> | undefined;

  constructor(turnId: string, denials?: TurnDenials) {
    this.#turnId = turnId;
    this.#denials = denials;
  }

  /** Every item that has completed so far. It grows. */
  get items(): readonly ThreadItem[] {
    return this.#items;
  }

  take(event: Notification): void {
    // Payloads are passed on unchanged, so their fields are checked before they are used.
    if (event.method === 'item/completed') {
      if (event.payload.turnId === this.#turnId && isObject(event.payload.item)) this.#items.push(event.payload.item);
    } else if (event.method === 'thread/tokenUsage/updated') {
      if (event.payload.turnId === this.#turnId && isObject(event.payload.tokenUsage)) {
        this.#usage = event.payload.tokenUsage;
        const spent = spentBy(this.#usage);
        if (spent) this.#spent.set(spent.turnId, spent.usage);
      }
    } else if (event.method === 'turn/completed') {
      const turn = isObject(event.payload.turn) ? event.payload.turn : undefined;
      if (turn?.id !== this.#turnId || typeof turn.status !== 'string') return;
      this.#result = {
        id: turn.id,
        status: turn.status,
        error: turn.error ?? null,
        startedAt: turn.startedAt ?? null,
        completedAt: turn.completedAt ?? null,
        durationMs: turn.durationMs ?? null,
        finalResponse: finalResponse(this.#items),
        items: this.#items,
        usage: this.#usage,
        turnUsage: this.#spent.size === 0 ? null : [...this.#spent.values()].reduce(addUsage),
        denials: [],
      };
    }
  }

  /**
   * The turn's result, once its events are over.
   * @throws TurnFailedError (AuthError if the login was refused) if the turn failed; it carries the result so far
   * @throws ApprovalDeniedError if something was refused and `onDenial` is `throw`
   * @throws CodexError `turn completed event not received` if there was no readable completion
   */
  result(): TurnResult {
    const result = this.#result as TurnResult | undefined;
    if (!result)
      throw new CodexError('turn completed event not received', { kind: 'protocol', action: `turn ${this.#turnId}` });
    result.denials = this.#denials?.list(this.#items) ?? [];
    if (hasFailed(result.status, result.error)) throw turnFailure(result);
    const refused = this.#denials?.thrown(this.#items);
    if (refused) throw new ApprovalDeniedError(refused, result);
    return result;
  }
}

/** Reads a turn's events to the end. @throws what `TurnCollector.result()` throws */
export async function collectTurnResult(
  events: AsyncIterable<Notification>,
  turnId: string,
  denials?: TurnDenials,
): Promise<TurnResult> {
  const collector = new TurnCollector(turnId, denials);
  for await (const event of events) collector.take(event);
  return collector.result();
}

/**
 * What in the engine's word for the cause of a failed turn (`codexErrorInfo`) says that it may pass: `serverOverloaded`,
 * `rateLimitExceeded`, `responseStreamDisconnected`, … Not a list of words, because a later engine has words of its own.
 */
const passing = /overload|unavailable|capacity|timed?_?out|connection|disconnect|rate_?limit|server_?error|attempts/i;

/** The word, and the HTTP status that comes with some of them; 0 if there is none. */
function read(info: unknown): { word: string | undefined; status: number } {
  if (typeof info === 'string') return { word: info, status: 0 };
  const [word, detail] = Object.entries(info ?? {})[0] ?? [];
  const status: unknown = (detail as { httpStatusCode?: unknown } | null | undefined)?.httpStatusCode;
  return { word, status: typeof status === 'number' ? status : 0 };
}

/**
 * Whether the login or the key was refused. The engine says `unauthorized` for its own provider, and reports the status
 * for any other.
 */
export function isRefusedLogin(info: unknown): boolean {
  const { word, status } = read(info);
  return status === 401 || /^unauthori[sz]ed$|^unauthenticated$/i.test(word ?? '');
}

/** Whether the same turn may succeed later, because the model's service was unreachable, at its limit or failing. */
export function isPassing(info: unknown): boolean {
  const { word, status } = read(info);
  if (status === 408 || status === 429 || status >= 500) return true;
  return status < 400 && passing.test(word ?? '');
}

/**
 * `run()` or `result()` was called on a turn whose status is `failed` (Python: a plain `RuntimeError` with the same
 * text). `result` holds what the turn produced before it failed; `result.error.codexErrorInfo` is the engine's word for
 * the cause.
 */
export class TurnFailedError extends CodexError {
  override readonly name: string = 'TurnFailedError';
  override readonly kind: CodexErrorKind = 'turn-failed';
  readonly result: TurnResult;

  constructor(result: TurnResult) {
    // The contract says it is a string; the engine may send anything.
    const said: unknown = result.error?.message;
    const message = typeof said === 'string' ? said : said ? literal(said) : '';
    super(message || `turn failed with status ${result.status}`, {
      action: `turn ${result.id}`,
      retryable: isPassing(result.error?.codexErrorInfo),
    });
    this.result = result;
  }
}

/**
 * A turn failed because nobody is logged in, or because the model's provider does not accept the login or the key.
 * Python raises a plain `RuntimeError` here too, so this extends `TurnFailedError`. A refused login is not an error:
 * see `success` in the result of a login handle's `wait()`.
 */
export class AuthError extends TurnFailedError {
  override readonly name: string = 'AuthError';
  override readonly kind: CodexErrorKind = 'auth';
}

/** The error for a turn that failed. */
export function turnFailure(result: TurnResult): TurnFailedError {
  return isRefusedLogin(result.error?.codexErrorInfo) ? new AuthError(result) : new TurnFailedError(result);
}

/**
 * Something was refused during the turn, and `onDenial` is `throw`: the turn was interrupted. `result` holds what it produced, with all `denials`.
 */
export class ApprovalDeniedError extends CodexError {
  override readonly name: string = 'ApprovalDeniedError';
  override readonly kind: CodexErrorKind = 'approval-denied';
  /** What was refused first, with the decision, its item, and who decided. */
  readonly denial: ApprovalDenial;
  /** What the turn produced. */
  readonly result: TurnResult;

  constructor(denial: ApprovalDenial, result: TurnResult) {
    const { kind, decidedBy, reason } = denial;
    const what = {
      command: 'a command',
      fileChange: 'a change of files',
      permissions: 'more permissions',
      mcpTool: 'a tool',
    };
    super(`${what[kind]} was refused by ${decidedBy}${reason === null ? '' : `: ${reason}`}`, {
      action: `turn ${result.id}`,
    });
    this.denial = denial;
    this.result = result;
  }

  /** The item that was refused, as it ended; null if this client has not seen it. */
  get item(): ThreadItem | null {
    return this.denial.item;
  }

  /** What was decided: `decline`, `cancel`, or a rule that denies. */
  get decision(): ApprovalDecision {
    return this.denial.decision;
  }
}

oneClassInAllCopies({ TurnFailedError, AuthError, ApprovalDeniedError });
