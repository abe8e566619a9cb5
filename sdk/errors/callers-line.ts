import { CodexError, longestMessage, shortened } from './codex-error.ts';
import { copyError } from './connection-errors.ts';

/** Where a call was made: a stack that is formatted only if the call fails. */
interface CallSite {
  stack?: unknown;
}

/** How many frames of a call are kept: the caller's, and what may stand between, such as a tracing tool's `Reflect.apply`. */
const siteFrames = 3;

/** Captures who calls `called`. A few frames take about 2 µs, the default of ten twice that. */
function callSite(called: object): CallSite {
  const site: CallSite = {};
  const { stackTraceLimit } = Error;
  // Without an error where the program has frozen its globals.
  Reflect.set(Error, 'stackTraceLimit', Math.min(stackTraceLimit, siteFrames));
  // Not in every engine of JavaScript.
  Error.captureStackTrace?.(site, called as () => void);
  Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  return site;
}

const framesOf = (stack: unknown): string[] =>
  typeof stack === 'string' ? stack.split('\n').filter((line) => /^\s+at /.test(line)) : [];

/** A frame's file and line, without its column: a call and the `await` before it differ in nothing else. */
const placeOf = (frame: string): string => /[^\s(]+:\d+(?=:\d+\)?$)/.exec(frame)?.[0] ?? frame;

/**
 * The error for one caller, whose lines its stack shows. An error of ours is made by the reader of the connection or by
 * a timer, which nobody wants to see: the caller gets a copy with its own frames. In any other error, which somebody
 * else has thrown, they follow its own.
 * @param below what the caller has called; its frames, and those that it has called, are left out
 */
function forCaller(error: unknown, below: object, site: CallSite = {}): unknown {
  if (!(error instanceof Error)) return error;
  // Whoever awaits the call, through all of its promises.
  const awaiting: CallSite = {};
  Error.captureStackTrace?.(awaiting, below as () => void);
  const chain = framesOf(awaiting.stack).filter((frame) => !frame.includes('node:internal/process/task_queues'));
  const places = new Set(chain.map(placeOf));
  const called = framesOf(site.stack);
  // Where both show one line, what called that line follows whoever awaits it.
  const met = called.findIndex((frame) => places.has(placeOf(frame)));
  const before = met < 0 ? called : called.slice(0, met);
  const after = called.slice(before.length).filter((frame) => !places.has(placeOf(frame)));
  const frames = [...before, ...chain, ...after];
  if (frames.length === 0) return error;
  if (error instanceof CodexError)
    return withStack(copyError(error), [`${error.name}: ${shortened(error.message, longestMessage)}`, ...frames]);
  const own = new Set(framesOf(error.stack).map(placeOf));
  return withStack(error, [error.stack ?? String(error), ...frames.filter((frame) => !own.has(placeOf(frame)))]);
}

function withStack(error: Error, lines: readonly string[]): Error {
  // Somebody else's error may be frozen.
  Reflect.defineProperty(error, 'stack', { value: lines.join('\n'), writable: true, configurable: true });
  return error;
}

/**
 * Does the work of a call. If it fails, the stack shows the line that called, even if nobody awaited the promise yet.
 * @param called the function that the program has called, or the outermost of ours
 */
export function fromCaller<T>(called: object, work: () => Promise<T>): Promise<T> {
  const site = callSite(called);
  return work().then(undefined, function failed(error: unknown): never {
    throw forCaller(error, failed, site);
  });
}

/** The error for whoever reads a stream; call it where the stream's generator catches it. */
export function forReader(error: unknown): unknown {
  return forCaller(error, forReader);
}

/**
 * For a stream that the platform reads: where it fails, no line of the program awaits, so its errors show the line that made it.
 * @param called the function that the program has called to make it
 */
export function fromMaker(called: object): (error: unknown) => unknown {
  const site = callSite(called);
  return function failed(error) {
    return forCaller(error, failed, site);
  };
}

const asyncFunction = Object.getPrototypeOf(async () => {}) as object;

/** Makes each async method of these show its caller in its errors. Give prototypes of classes, or objects. */
export function showCallers<T extends object>(target: T): T {
  for (const key of Reflect.ownKeys(target)) {
    const property = Object.getOwnPropertyDescriptor(target, key);
    const method: unknown = property?.value;
    if (typeof method !== 'function' || Object.getPrototypeOf(method) !== asyncFunction) continue;
    Object.defineProperty(target, key, { ...property, value: showingCaller(method as AsyncMethod) });
  }
  return target;
}

type AsyncMethod = (this: unknown, ...args: unknown[]) => Promise<unknown>;

function showingCaller(method: AsyncMethod): AsyncMethod {
  const { name, length } = method;
  function showing(this: unknown, ...args: unknown[]): Promise<unknown> {
    return fromCaller(showing, () => method.apply(this, args));
  }
  return Object.defineProperties(showing, { name: { value: name }, length: { value: length } });
}
