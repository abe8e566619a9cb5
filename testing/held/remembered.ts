import type { Held } from './held.ts';

/**
 * Tables that keep what is over, and why; `most` is their bound. Every other table must be empty when nothing is asked
 * of a client.
 */
export const remembered: Readonly<Record<string, { most: number; why: string }>> = {
  'TurnRouter.#ended': { most: 1000, why: 'a late handle is told that its turn is over' },
  'TurnRouter.#foreign': { most: 1000, why: 'a handle may be made for a turn that nobody here has started' },
  'TurnRouter.#foreignWeight': { most: 8 * 1024 * 1024, why: 'as above, in characters' },
  'TurnRouter.#unread': { most: 1000, why: 'a late handle does not take the middle of a turn for its start' },
  'TurnStops.#turns': { most: 1000, why: 'a turn that has ended is not interrupted' },
  'TurnStops.#turns[].commands': { most: Number.POSITIVE_INFINITY, why: 'a hard stop ends what they have left behind' },
  'TurnUsageMeter.#threads': { most: 1000, why: 'what a turn uses is the difference to the report before' },
  'RequestBroker.#reviewers': { most: 10_000, why: 'who reviews a thread is asked for at any time' },
  'RequestBroker.#threads': { most: Number.POSITIVE_INFINITY, why: 'an open thread may ask at any time' },
  'TurnDenials.#all': { most: Number.POSITIVE_INFINITY, why: 'the result of its turn lists them' },
  'SubAgents.#work': { most: 10_000, why: 'the thread of a sub-agent may be given work again' },
  'SubAgents.#ofTurns': { most: 10_000, why: 'a turn that is stopped stops its sub-agents' },
  'SubAgents.#ofTurns[]': { most: Number.POSITIVE_INFINITY, why: 'as above' },
  'ThreadTools.threads': { most: 10_000, why: 'a thread calls its tools at any time' },
  'ThreadTools.threads[].tools': { most: Number.POSITIVE_INFINITY, why: 'as above' },
  'ThreadTools.threads[].missing': { most: Number.POSITIVE_INFINITY, why: 'as above' },
  'LazySession.#threads': { most: 1000, why: 'a lost connection resumes them' },
  'LazySession.#staged': { most: 1, why: 'the files of a connection are removed with the client' },
  'Staging.#holders': { most: Number.POSITIVE_INFINITY, why: 'files stay as long as the program says' },
  'Staging.#stored': { most: Number.POSITIVE_INFINITY, why: 'as above' },
  'Staging.#holders[].turns': { most: Number.POSITIVE_INFINITY, why: 'as above' },
  'Staging.#holders[].threads': { most: Number.POSITIVE_INFINITY, why: 'as above' },
  'SessionTelemetry.#sinks': { most: 2, why: 'what the client tells goes there' },
  'Spans.#ended': { most: 10_000, why: 'a start that joins a turn that is over is told so' },
  'Spans.#threads': { most: 10_000, why: 'a thread is a span as long as it is open' },
  'BaseContext._currentContext': { most: Number.POSITIVE_INFINITY, why: 'a context of OpenTelemetry itself' },
  'OpenHooks.#registered': { most: 20, why: 'the hooks that the client was made with' },
  'LoginCompletions.#completions': { most: 100, why: 'the outcome of a login may be asked for later, and again' },
  'McpWatch.#logins': { most: 100, why: 'a login waits for its user' },
  'McpLogin.#ends': { most: 1, why: 'the outcome of a login may be asked for later, and again' },
  'McpWatch.#secrets': { most: 10_000, why: 'no error may show them' },
  'McpSupervisor.#threads': {
    most: Number.POSITIVE_INFINITY,
    why: 'servers are watched as long as their thread is open',
  },
  'McpSupervisor.#threads[].servers': { most: Number.POSITIVE_INFINITY, why: 'as above' },
  'McpSupervisor.#early': { most: 100, why: 'a server may start before its thread is known' },
  'McpSupervisor.#early[]': { most: Number.POSITIVE_INFINITY, why: 'as above' },
  'BoundedQueue.#entries': { most: 10_000, why: 'what belongs to no turn may be read later' },
  'EngineSchema.#fields': { most: Number.POSITIVE_INFINITY, why: 'what the engine knows is asked once' },
  'EngineProcesses.#seen': {
    most: Number.POSITIVE_INFINITY,
    why: 'what the engine had started is found once it is gone',
  },
  'StderrTail.#lines': { most: 400, why: 'an error quotes the end' },
  'ByteBlocks.#blocks': { most: 1, why: 'the end of a line has not come yet' },
};

/** What a turn or a goal that is not over takes; a scenario gives the number of them. */
const ofTurns: ReadonlySet<string> = new Set([
  'TurnRouter.#logs',
  'TurnRouter.#threads',
  'ThreadTurns.running',
  'TurnLog.listeners',
  'TurnContexts.#threads',
  'TurnContexts.#turns',
  'ThreadStarts.running',
  'TurnStops.#running',
  'TurnStops.#waiting',
  'TurnStops.#waiting[]',
  'GoalRoutes.#operations',
  'RequestBroker.#denials',
  'StartedItemsOfThreads.#threads',
  'StartedItemsOfThreads.#threads[]',
]);

/** Turns that nobody here has started or reads are in these, too. */
const ofRouter: ReadonlySet<string> = new Set(['TurnRouter.#logs', 'TurnRouter.#threads', 'ThreadTurns.running']);

/** Somebody waits: for an answer, which the engine or the program owes, or for an event. */
const ofWaits: ReadonlySet<string> = new Set([
  'Connection.#pending',
  'Connection.#undelivered',
  'Connection.#holds',
  'Connection.#gone listeners',
  'RequestBroker.#pending',
  'RequestBroker.#pendingOfTurns',
  'RequestBroker.#pendingOfTurns[]',
  'TurnProgress.#requests',
  'TurnRouter.#asking',
  'McpWatch.#readers',
  'EventTape.#logs',
  'NotificationFeed.#waiters',
  'LoginCompletions.#waiters',
  'LoginCompletions.#waiters[]',
  'Waiters.#waiters',
  'Condition.#waiting',
]);

/** Without what is kept on purpose, in words: `turns` and `waits` that are not over; anything else by its own name. */
export function notOver(held: Held): Held {
  const { 'TurnRouter.#foreign': foreign = 0, 'TurnRouter.#unread': unread = 0 } = held;
  const left: Held = {};
  for (const [name, size] of Object.entries(held)) {
    if (name in remembered) continue;
    const count = ofRouter.has(name) ? size - foreign - unread : size;
    const word = ofTurns.has(name) ? 'turns' : ofWaits.has(name) ? 'waits' : name;
    if (count > 0) left[word] = Math.max(left[word] ?? 0, count);
  }
  return left;
}

/** What is not over, where it is more than the scenario allows. */
export const moreThan = (held: Held, allowed: Held): [name: string, size: number][] =>
  Object.entries(notOver(held)).filter(([name, size]) => size > (allowed[name] ?? 0));
