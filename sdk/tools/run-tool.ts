import { AbortError, CodexError } from '../errors/codex-error.ts';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import { errorText } from '../redact/error-text.ts';
import { issueText } from '../schema/issue-text.ts';
import { prepareTool } from './prepare-tool.ts';
import type { Tool, ToolContext } from './tool.ts';
import { failure, outcomeOf, type ToolOutcome } from './tool-outcome.ts';

/** Generous, and finite: a tool that hangs must not keep its turn forever. */
const defaultTimeoutMs = 600_000;

/** What is told of a call besides its outcome. */
export interface ToolCallEvents {
  /** The tool's own code failed, or returned what cannot be sent. */
  onError?(error: unknown): void;
}

/**
 * Calls a tool. Never rejects: every failure is an outcome, since a model is waiting for one. It settles as soon as the
 * time is up or `context.signal` fires, whatever the tool does then.
 * @param args what the model wrote
 */
export async function runTool(
  tool: Tool,
  args: unknown,
  context: ToolContext,
  { onError }: ToolCallEvents = {},
): Promise<ToolOutcome> {
  const { name, timeoutMs = defaultTimeoutMs } = tool;
  const ended = new AbortController();
  const stopListening = onAbort(context.signal, () => ended.abort(context.signal.reason));
  const stopTimer = startDeadline(timeoutMs, undefined, () => {
    ended.abort(new CodexError(`the tool ${name} took longer than ${timeoutMs} ms`, { kind: 'timeout' }));
  });
  const { signal } = ended;
  const tell = (error: unknown) => {
    try {
      const told: unknown = onError?.(error);
      if (told instanceof Promise) told.catch(() => {});
    } catch {
      // There is nobody left to tell.
    }
  };
  try {
    if (context.signal.aborted) return stopped(name, context.signal.reason);
    return await Promise.race([
      // What the tool does after the end of the call is its own affair.
      perform(tool, args, { ...context, signal }, (error) => signal.aborted || tell(error)),
      whenAborted(signal).then(() => {
        const reason: unknown = signal.reason;
        if (reason instanceof CodexError && reason.kind === 'timeout') tell(reason);
        return stopped(name, reason);
      }),
    ]);
  } finally {
    stopTimer();
    stopListening();
  }
}

/** An AbortError of ours has the reason as its cause. */
const stopped = (name: string, reason: unknown) =>
  failure(`${name} was stopped: ${errorText(reason instanceof AbortError ? (reason.cause ?? reason) : reason)}`);

const whenAborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted ? Promise.resolve() : new Promise((resolve) => void onAbort(signal, resolve));

async function perform(
  tool: Tool,
  args: unknown,
  context: ToolContext,
  onError: (error: unknown) => void,
): Promise<ToolOutcome> {
  const { name, execute } = tool;
  try {
    const validated = await (await prepareTool(tool)).validate(args);
    if (validated.issues) {
      const advice = `Call ${name} again with arguments that fit its schema.`;
      return failure(`The arguments of ${name} do not fit:\n${issueText(validated.issues)}\n${advice}`);
    }
    const release = await slotsOf(tool)?.acquire(context.signal);
    try {
      context.signal.throwIfAborted();
      return outcomeOf(await execute(validated.value as never, context), `reading the result of the tool ${name}`);
    } finally {
      release?.();
    }
  } catch (error) {
    onError(error);
    return failure(`${name} failed: ${errorText(error)}`);
  }
}

const slots = new WeakMap<Tool, Slots>();

function slotsOf(tool: Tool): Slots | undefined {
  if (tool.concurrency === undefined) return undefined;
  const known = slots.get(tool) ?? new Slots(tool.concurrency);
  slots.set(tool, known);
  return known;
}

/** How many may run at once; the others wait in the order of their calls. */
class Slots {
  private free: number;
  private readonly waiting = new Set<() => void>();

  constructor(size: number) {
    this.free = size;
  }

  /** @returns what frees the slot; call it once. @throws AbortError if `signal` fires before there is one */
  async acquire(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw new AbortError('waiting for another call', signal.reason);
    if (this.free > 0) this.free -= 1;
    else {
      await new Promise<void>((resolve, reject) => {
        const stop = onAbort(signal, () => {
          this.waiting.delete(take);
          reject(new AbortError('waiting for another call', signal.reason));
        });
        const take = () => {
          stop();
          resolve();
        };
        this.waiting.add(take);
      });
    }
    return () => this.release();
  }

  private release(): void {
    const [next] = this.waiting;
    if (next === undefined) this.free += 1;
    else {
      // The slot goes on without being free: nobody comes between.
      this.waiting.delete(next);
      next();
    }
  }
}
