import { setImmediate } from 'node:timers/promises';
import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import { matchesPayload } from '../../scenario/match-payload.ts';
import type { AnswerRule } from '../../scenario/types.ts';
import { patience } from '../owed-line.ts';
import type { DoneMessage, FromDriver, RunMessage } from '../protocol.ts';
import type { Answerer, AskedRequest, ClientAdapter, HandlerAnswer } from './adapter.ts';
import { Control } from './control.ts';
import { before, DeadlineReached, StepHang } from './failures.ts';
import { Interpreter } from './interpreter.ts';
import { Observer } from './observer.ts';
import { Performing } from './performing.ts';
import { RestWatch } from './rest-watch.ts';
import type { Task } from './task.ts';
import { buildArguments } from './values.ts';

/** How long a run waits for what may never come, in milliseconds. */
export interface RunLimits {
  /** For opening the client, and for each step of a scenario without a deadline. */
  step: number;
  close: number;
  /**
   * What the close has woken needs a few turns of the event loop. A false taint costs no more than a restart of the
   * driver.
   */
  leftover: number;
}

const defaultLimits: RunLimits = { step: patience.stepMs, close: 10_000, leftover: 2_000 };

/** Performs one run and returns its `done`. Rejects with what broke the driver itself. */
export async function performRun(
  adapter: ClientAdapter,
  message: RunMessage,
  write: (message: FromDriver) => void,
  limits: RunLimits = defaultLimits,
): Promise<DoneMessage> {
  const { scenario } = message;
  const observer = new Observer(message.run, write, (error) => adapter.isRetryable(error));
  const names = new Map<string, unknown>();
  const performing = new Performing(adapter, observer, names, message.workspace);
  const deadlineMs = scenario.deadlineMs ?? limits.step;
  const control = new Control(message.control);
  const interpreter = new Interpreter(performing, names, control, deadlineMs);
  const ended = new AbortController();
  const values = { adapter, names: new Map(), workspace: message.workspace };
  const answer = answererOf(scenario.answers, {
    build: (value) => buildArguments({ value }, values).value as JsonValue,
    observe: (request, reply) => observer.request(request, reply),
    awaitLatch: (latch) => control.awaitLatch(latch, ended.signal),
  });
  const undo = adapter.prepare?.(message, (error) => observer.error('process', 'uncaught', error));
  const stopTelling = scenario.telemetry
    ? adapter.telemetry?.((name, told) => observer.telemetry(name, told))
    : undefined;
  const rest = adapter.holding && new RestWatch(adapter.holding, scenario.rest);
  const options = clientOptions(adapter, message);
  // Kept apart from the names: a scenario may drop `codex`, and its engine must still be stopped.
  let codex: unknown;
  const signals = () => interpreter.tasks.map(({ signal }) => signal);
  const open = async () => {
    try {
      codex = adapter.create(options, answer);
      if (scenario.connect !== false) await adapter.connect(codex);
      names.set('codex', codex);
    } catch (error) {
      observer.error('main', 'Codex', error);
    }
  };
  try {
    // Not a step: a scenario that shows a hang with a short deadline must not lose its client to a busy machine.
    await interpreter.foreground(open, 'main', 'Codex', -1, Math.max(deadlineMs, limits.step));
    if (names.has('codex')) await interpreter.perform(scenario.steps);
    // What the engine asked before the last step ended reaches its handler with the next turn of the event loop.
    await setImmediate();
    if (codex !== undefined) rest && observer.rest('open', await rest.open(codex, signals()));
  } catch (error) {
    if (!(error instanceof StepHang)) throw error;
    observer.hang(error.lane, error.op, error.step);
  } finally {
    observer.mute();
    names.clear();
    if (codex !== undefined) rest?.closing(codex);
    await close(adapter, codex, limits.close);
    // After the close: what a handler still waits for must not become an answer on the wire.
    ended.abort();
  }
  const tainted = !(await allOver(interpreter.tasks, limits.leftover));
  if (rest && !tainted) observer.rest('closed', await rest.closed(signals()));
  stopTelling?.();
  undo?.();
  return { type: 'done', run: message.run, ...(tainted ? { tainted } : {}) };
}

function clientOptions(adapter: ClientAdapter, message: RunMessage): JsonObject {
  const { env, ...options } = buildArguments(message.scenario.client ?? {}, {
    adapter,
    names: new Map(),
    workspace: message.workspace,
  });
  const base = { codex_bin: message.codexBin, cwd: message.workspace };
  // `env: null` passes none to the client, which then hands on its own process's.
  if (env === null) return { ...base, ...options } as JsonObject;
  return { ...base, ...options, env: { ...message.env, ...(env as Record<string, string> | undefined) } } as JsonObject;
}

/** The end of the program's block. No step asked for it, so nothing is observed; if it hangs, the leftovers show it. */
async function close(adapter: ClientAdapter, codex: unknown, ms: number): Promise<void> {
  if (codex === undefined) return;
  await before(adapter.dispose?.(codex) ?? adapter.close(codex), ms).catch(() => undefined);
}

/** True once every call has ended; rejects if the driver failed in one of them. */
async function allOver(tasks: Task[], ms: number): Promise<boolean> {
  try {
    await before(Promise.all(tasks.map((task) => task.over)), ms);
    return true;
  } catch (error) {
    if (error instanceof DeadlineReached) return false;
    throw error;
  }
}

/** What a scenario's answers need from the run. */
export interface AnsweringContext {
  /** Builds the typed forms of a reply. */
  build(value: JsonValue): JsonValue;
  observe(request: AskedRequest, reply: JsonObject): void;
  /** Resolves once the latch is released. */
  awaitLatch(latch: string): Promise<void>;
}

/** The handler that a scenario's `answers` describe; undefined without any: the client then answers by itself. */
export function answererOf(rules: readonly AnswerRule[] | undefined, context: AnsweringContext): Answerer | undefined {
  if (rules === undefined) return undefined;
  const left = new Map(rules.map((rule) => [rule, rule.times ?? Number.POSITIVE_INFINITY]));
  return async (request) => {
    const rule = rules.find(
      (one) => one.to === request.method && (left.get(one) ?? 0) > 0 && matchesPayload(request.params, one.match ?? {}),
    );
    if (rule !== undefined) left.set(rule, (left.get(rule) ?? 0) - 1);
    context.observe(request, replyOf(rule));
    if (rule?.hold !== undefined) await context.awaitLatch(rule.hold);
    return answerOf(rule, context);
  };
}

/** The rule's answer, without the request it is for. */
function replyOf(rule: AnswerRule | undefined): JsonObject {
  if (rule === undefined) return { default: true };
  const { to: _to, match: _match, times: _times, wrong: _wrong, ...reply } = rule;
  return reply as JsonObject;
}

async function answerOf(rule: AnswerRule | undefined, context: AnsweringContext): Promise<HandlerAnswer> {
  if (rule === undefined || rule.default) return undefined;
  if (rule.throws !== undefined) throw new Error(rule.throws);
  if (rule.error !== undefined) return { error: rule.error };
  if (rule.none) await new Promise<never>(() => undefined);
  return { result: context.build(rule.reply ?? null) };
}
