import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { ScriptStep } from '../../../testing/play/script-types.ts';
import type { ClientId } from '../../clients/clients.ts';
import type { AnswerRule, Step } from '../../scenario/types.ts';
import type { ExploredScenario } from '../types.ts';
import { unknownMember } from './contract-values.ts';
import { withOnlyOurs } from './only-ours.ts';
import {
  type Act,
  type Call,
  type Finish,
  type Goal,
  type Login,
  operations,
  type Plan,
  type Reply,
  type Said,
  type Turn,
  type Written,
} from './plan.ts';

/** The scenario of a plan: what the client does and what the engine says, with no race between them. */
export function compose(id: string, plan: Plan): ExploredScenario {
  const composer = new Composer();
  for (const act of plan.acts) if (!composer.interrupts) composer.act(act);
  composer.finish(composer.interrupts ? { kind: 'end' } : plan.finish);
  const { script, steps, answers, clients } = composer;
  const scenario: ExploredScenario = {
    id,
    title: 'Drawn at random',
    family: 'app-server',
    covers: [],
    // Without a handler the clients differ by design, which scenarios show.
    ...(answers.length > 0 && { answers }),
    ...(clients !== undefined && { clients }),
    script: composer.interrupts ? [{ auto: ['turn/interrupt'] }, ...script] : script,
    steps,
  };
  return plan.own === undefined ? scenario : withOnlyOurs(scenario, plan.own);
}

/** Names in a scenario and in its script: what a request of the client is called on both sides. */
interface Around {
  /** The request that started the turn. */
  turn?: string;
  /** Of a turn that no request started. */
  ids?: { threadId: string; turnId: string };
  /** A request of the thread, or its start. */
  thread?: string;
}

const isWrong = (value: JsonValue | undefined): boolean =>
  value !== undefined && JSON.stringify(value).includes(`"${unknownMember}"`);
const wrongIf = (wrong: boolean): { wrong?: true } => (wrong ? { wrong: true } : {});
const isNoRequest = (said: Said): boolean => said.kind !== 'request';
const isGood = (reply: Reply): boolean => reply.kind === 'result' && !isWrong(reply.result);
const bindsThread: ReadonlySet<string> = new Set(['thread_start', 'thread_resume', 'thread_fork', 'thread_unarchive']);
const newThread: ReadonlySet<string> = new Set(['thread_start', 'thread_fork']);
const withTurn: ReadonlySet<string> = new Set(['turn/started']);

class Composer {
  readonly script: ScriptStep[] = [];
  readonly steps: Step[] = [];
  readonly answers: AnswerRule[] = [];
  /** A turn was cancelled, which ours interrupts: its further requests have other numbers than Python's. */
  interrupts = false;
  /** Those that the scenario is for, if not all. */
  clients: ClientId[] | undefined;
  /** Names that are bound to threads, each with a number of its thread: two names may have one. */
  readonly #threads: { name: string; thread: number }[] = [];
  readonly #counts: Record<string, number> = {};
  #latest: string | undefined;
  #threadCount = 0;

  act(act: Act): void {
    if (act.kind === 'call') this.#foreground(act.call);
    else if (act.kind === 'turn') this.#turn(act.turn);
    else if (act.kind === 'goal') this.#goal(act.goal);
    else if (act.kind === 'login') this.#login(act.login);
    else if (act.kind === 'cancelled') this.#cancelled(act.call);
    else if (act.kind === 'calls') this.#calls(act.one, act.two, act.reversed);
    else if (act.kind === 'turns') this.#turns(act.one, act.two, act.order);
    else this.#queue(act.one, act.two);
  }

  finish(finish: Finish): void {
    // Whatever the engine has said until here has been written, and read, before this is answered.
    if (finish.kind === 'end' || finish.kind === 'close') {
      this.#barrier();
      if (finish.kind === 'end') return;
      // A call starts the asynchronous client again, as it does ours.
      this.clients = ['python-async', 'ts'];
      this.steps.push({ close: 'codex' }, { call: 'codex.models', as: 'again' });
      this.script.push({ start: 2 }, { expect: 'model/list' }, { answer: 'model/list' });
      return;
    }
    this.#barrier();
    const { during } = finish;
    if (during === 'call') {
      this.steps.push({ start: 'codex.account', as: 'waiting' });
      this.script.push({ expect: 'account/read', as: 'waiting' });
      this.#reached();
    } else if (during !== 'nothing') {
      const thread = this.#thread(0).name;
      const turn = this.#name('h');
      this.script.push({ expect: 'turn/start', as: turn }, { answer: turn });
      if (during === 'run') this.steps.push({ start: `${thread}.run`, as: 'waiting', with: { input: 'last' } });
      else
        this.steps.push(
          { call: `${thread}.turn`, as: turn, with: { input: 'last' } },
          { start: `${turn}.stream`, as: 'waiting' },
        );
      this.#marker(turn, during === 'run' ? undefined : 'waiting');
    }
    const join: Step[] = during === 'nothing' ? [] : [{ join: 'waiting' }];
    if (finish.kind === 'kill') {
      this.steps.push({ kill: 'engine' }, ...join);
    } else {
      const latch = this.#name('go');
      this.script.push({ hold: latch });
      this.steps.push({ release: latch }, ...join);
      if (finish.kind === 'line') {
        const whole = finish.line !== '{"method":';
        this.script.push({ raw: `${finish.line}${whole ? '\n' : ''}` });
        // A client whose connection is broken may not notice a call: nothing more is asked of it.
        if (whole) return;
        this.script.push({ exit: 0 });
      } else {
        if (finish.stderr !== '') this.script.push({ stderr: finish.stderr });
        this.script.push({ exit: finish.code });
      }
    }
    this.steps.push({ 'await-exit': 'engine' }, { call: 'codex.models', as: 'gone', expect: 'error' });
  }

  #barrier(): void {
    const name = this.#name('b');
    this.steps.push({ call: 'codex.models', as: name });
    this.script.push({ expect: 'model/list', as: name }, { answer: name });
  }

  #name(kind: string): string {
    const count = (this.#counts[kind] ?? 0) + 1;
    this.#counts[kind] = count;
    return `${kind}${count}`;
  }

  /** The engine has got what the client has sent so far. */
  #reached(): void {
    const n = (this.#counts['model'] ?? 0) + 1;
    this.#counts['model'] = n;
    this.script.push({ 'model-request': n });
    this.steps.push({ 'await-model': n });
  }

  /** The engine says something that the client has seen before its next step. */
  #marker(turn: string, stream: string | undefined, ids = this.#ids(turn)): void {
    const delta = this.#name('mark');
    this.script.push({ send: 'item/agentMessage/delta', params: { ...ids, delta } });
    const match = { delta };
    this.steps.push(
      stream === undefined
        ? { 'await-wire': 'item/agentMessage/delta', match }
        : { await: stream, match: { method: 'item/agentMessage/delta', ...match } },
    );
  }

  #ids(turn: string): { threadId: string; turnId: string } {
    return { threadId: `\${${turn}.threadId}`, turnId: `\${${turn}.turnId}` };
  }

  #thread(index: number): { name: string; thread: number } {
    if (this.#threads.length === 0) {
      const name = this.#name('t');
      this.steps.push({ call: 'codex.thread_start', as: name });
      this.script.push({ expect: 'thread/start', as: name }, { answer: name });
      this.#threads.push({ name, thread: this.#threadCount++ });
    }
    return this.#threads[index % this.#threads.length] as { name: string; thread: number };
  }

  // Calls.

  /** A call's step and the name of its request; the thread that it binds is known once its answer is `replied`. */
  #step({ op, thread, args, reply }: Call): {
    name: string;
    step: { call: string; as: string; with?: JsonObject; expect?: 'error' };
    on: { name: string; thread: number } | undefined;
  } {
    const { of } = operations[op] as (typeof operations)[string];
    const on = of === 'thread' ? this.#thread(thread) : undefined;
    const name = this.#name(bindsThread.has(op) ? 't' : 'c');
    const onCodex = of === 'codex' || op.startsWith('thread_');
    const given = onCodex && on !== undefined ? { thread_id: { $ref: `${on.name}.id` }, ...args } : args;
    const step = {
      call: `${onCodex ? 'codex' : on?.name}.${op}`,
      as: name,
      ...(Object.keys(given).length > 0 && { with: given as JsonObject }),
      ...(reply.kind !== 'result' && { expect: 'error' as const }),
    };
    return { name, step, on };
  }

  #bind({ op, reply }: Call, name: string, on: { thread: number } | undefined): void {
    if (!bindsThread.has(op) || !isGood(reply)) return;
    this.#threads.push({ name, thread: newThread.has(op) || on === undefined ? this.#threadCount++ : on.thread });
  }

  #foreground(call: Call): void {
    const { name, step, on } = this.#step(call);
    this.steps.push(step);
    this.script.push({ expect: (operations[call.op] as { method: string }).method, as: name });
    this.#say(call.before, { thread: name });
    this.#answer(name, call.reply, call.written);
    this.#bind(call, name, on);
  }

  #calls(one: Call, two: Call, reversed: boolean): void {
    // Before the first is on its way, since it may start the thread that they need.
    if ([one, two].some(({ op }) => operations[op]?.of === 'thread')) this.#thread(0);
    const begun = [one, two].map((call) => {
      const { name, step, on } = this.#step(call);
      const { call: start, expect: _, ...rest } = step;
      this.steps.push({ start, ...rest });
      this.script.push({ expect: (operations[call.op] as { method: string }).method, as: name });
      if (call === one) this.#reached();
      return { call, name, on };
    });
    for (const { call, name } of reversed ? [...begun].reverse() : begun) {
      this.#say(call.before, { thread: name });
      this.#answer(name, call.reply, call.written);
    }
    for (const { name } of begun) this.steps.push({ join: name });
    for (const { call, name, on } of begun) this.#bind(call, name, on);
  }

  #answer(name: string, reply: Reply, written: Written, result: JsonObject = {}): void {
    if (reply.kind === 'error') {
      const { code, message, data } = reply;
      this.script.push({ error: name, code, message, ...(data !== undefined && { data }), ...written });
    } else if (reply.kind === 'odd')
      this.script.push({ answer: name, result: reply.result, wrong: true, template: false, ...written });
    else {
      const given = { ...reply.result, ...result };
      const some = Object.keys(given).length > 0 && { result: given };
      this.script.push({ answer: name, ...some, ...wrongIf(isWrong(given)), ...written });
      this.#latest = name;
    }
  }

  // Turns.

  #start(turn: Turn, op: 'run' | 'turn', thread: string): { call: string; with: JsonObject } {
    return { call: `${thread}.${op}`, with: { input: turn.input, ...turn.options } };
  }

  #turn(drawn: Turn): void {
    // Python cannot read such an end: its stream goes on, and whatever came late would be part of the turn.
    const given = { ...drawn, ...(drawn.end === 'unknown' && { late: [] }) };
    // Where Python cannot read the answer to the start, it has no handle.
    if (!isGood(given.reply) && given.mode !== 'run') given.mode = 'unread';
    const thread = this.#thread(given.thread).name;
    const turn = this.#name('h');
    const isStarted = isGood(given.reply);
    // A request that comes while the client does something else is answered before or after that.
    const isReadToEnd = given.mode !== 'next' && given.mode !== 'unread' && given.middle?.kind !== 'cancel';
    const middle = isStarted && given.mode !== 'next' && given.mode !== 'unread' ? given.middle : undefined;
    this.script.push({ expect: 'turn/start', as: turn });
    this.#say(given.early, { turn });
    this.#answer(turn, given.reply, given.written);
    if (given.reply.kind !== 'result') {
      this.steps.push({ ...this.#start(given, given.mode === 'run' ? 'run' : 'turn', thread), expect: 'error' });
      return;
    }
    const result = given.mode === 'stream' || given.mode === 'next' ? this.#name('e') : this.#name('r');
    if (given.mode === 'run') {
      const { call, with: args } = this.#start(given, 'run', thread);
      this.steps.push(
        middle === undefined ? { call, as: result, with: args } : { start: call, as: result, with: args },
      );
    } else {
      const { call, with: args } = this.#start(given, 'turn', thread);
      this.steps.push({ call, as: turn, with: args });
      if (given.mode === 'stream') this.steps.push({ start: `${turn}.stream`, as: result });
      else if (given.mode === 'handle')
        this.steps.push(
          middle === undefined ? { call: `${turn}.run`, as: result } : { start: `${turn}.run`, as: result },
        );
      else if (given.mode === 'next') {
        this.steps.push({ call: `${turn}.stream`, as: result });
        for (let taken = 0; taken < given.taken; taken += 1) this.steps.push({ next: result });
        this.steps.push({ close: result });
      }
    }
    if (!isStarted) {
      // An answer that Python cannot read starts a turn all the same.
      this.#goOn(given, turn);
      this.#barrier();
      return;
    }
    this.#say(middle?.kind === 'cancel' || isReadToEnd ? given.events : given.events.filter(isNoRequest), { turn });
    let joined: string | undefined;
    if (middle !== undefined) joined = this.#middle(given, turn, thread, result);
    this.#say(isReadToEnd ? given.rest : given.rest.filter(isNoRequest), { turn });
    this.#complete(given, turn);
    this.#say(given.late.filter(isNoRequest), { turn });
    if (given.mode === 'stream' || middle !== undefined) this.steps.push({ join: result });
    if (joined !== undefined) this.steps.push({ join: joined });
    // Whether the client's next message comes before what the engine still says, or after, would be a race.
    const isRead =
      given.mode !== 'next' && given.mode !== 'unread' && given.late.length === 0 && middle?.kind !== 'cancel';
    const goesOn = given.mode !== 'run' && given.afterwards !== 'nothing' && middle?.kind !== 'cancel';
    if (!isRead || goesOn) this.#barrier();
    if (!goesOn) return;
    // Of a turn that has ended before anybody asked, Python waits forever (behaviour E-110).
    if (given.mode === 'unread' || given.mode === 'next' || joined !== undefined) return;
    this.steps.push({ call: `${turn}.${given.afterwards}`, as: this.#name('x') });
  }

  #goOn(given: Turn, turn: string): void {
    this.#say(given.events.filter(isNoRequest), { turn });
    this.#complete(given, turn);
  }

  /** @returns the stream of another handle, which is to be joined */
  #middle({ middle, mode, input }: Turn, turn: string, thread: string, result: string): string | undefined {
    this.#marker(turn, mode === 'stream' ? result : undefined);
    switch (middle?.kind) {
      case 'steer':
      case 'interrupt': {
        if (mode === 'run') return undefined;
        const name = this.#name('c');
        const args = middle.kind === 'steer' ? { with: { input: middle.input } } : {};
        this.steps.push({ call: `${turn}.${middle.kind}`, as: name, ...args });
        this.script.push({ expect: `turn/${middle.kind}`, as: name });
        this.#answer(name, middle.reply, {});
        return undefined;
      }
      case 'call':
        this.#foreground(middle.call);
        return undefined;
      case 'join': {
        const [name, stream] = [this.#name('h'), this.#name('e')];
        this.steps.push({ call: `${thread}.turn`, as: name, with: { input } }, { start: `${name}.stream`, as: stream });
        const same = { turn: { id: `\${${turn}.turnId}` } };
        this.script.push({ expect: 'turn/start', as: name }, { answer: name, result: same });
        return stream;
      }
      case 'cancel': {
        const latch = this.#name('go');
        this.script.push({ hold: latch });
        this.steps.push({ cancel: result }, { release: latch });
        this.interrupts = true;
        return undefined;
      }
      default:
        return undefined;
    }
  }

  #turns(one: Turn, two: Turn, order: readonly boolean[]): void {
    const first = this.#thread(one.thread);
    let second = this.#threads.find(({ thread }) => thread !== first.thread);
    if (second === undefined) {
      this.#foreground({
        op: 'thread_start',
        thread: 0,
        args: {},
        reply: { kind: 'result', result: {} },
        before: [],
        written: {},
      });
      second = this.#threads.at(-1) as { name: string; thread: number };
    }
    const begun = [
      { given: one, thread: first.name },
      { given: two, thread: second.name },
    ].map(({ given, thread }, index) => {
      const [turn, result] = [this.#name('h'), this.#name('r')];
      const { call, with: args } = this.#start(given, 'run', thread);
      this.steps.push({ start: call, as: result, with: args });
      this.script.push({ expect: 'turn/start', as: turn });
      if (index === 0) this.#reached();
      return { given, turn, result };
    });
    for (const { given, turn } of begun) this.#answer(turn, given.reply, given.written);
    const queues = begun.map(({ given, turn }) => ({
      turn,
      said: given.reply.kind === 'result' ? [...given.events, ...given.rest] : [],
    }));
    for (const isFirst of order) {
      const { turn, said } = queues[isFirst ? 0 : 1] as { turn: string; said: Said[] };
      const next = said.shift();
      if (next !== undefined) this.#say([next], { turn });
    }
    for (const [index, { turn, said }] of queues.entries()) {
      const { given } = begun[index] as { given: Turn };
      this.#say(said, { turn });
      if (given.reply.kind === 'result') this.#complete(given, turn);
    }
    for (const { result } of begun) this.steps.push({ join: result });
  }

  #queue(one: Turn, two: Turn): void {
    const thread = this.#thread(one.thread).name;
    const [first, second] = [one, two].map((given, index) => {
      const [turn, result] = [this.#name('h'), this.#name('r')];
      const { call, with: args } = this.#start(given, 'run', thread);
      this.steps.push({ start: call, as: result, with: args });
      if (index === 0) {
        this.script.push({ expect: 'turn/start', as: turn });
        this.#reached();
        this.#say(given.early, { turn });
        this.#answer(turn, given.reply, given.written);
      }
      return { turn, result };
    }) as [{ turn: string; result: string }, { turn: string; result: string }];
    // While the first turn runs, always: whether a request came during a turn decides where its answer stands.
    this.script.push({ expect: 'turn/start', as: second.turn });
    if (one.reply.kind === 'result') this.#goOn(one, first.turn);
    this.#say(two.early, { turn: second.turn });
    this.#answer(second.turn, two.reply, two.written);
    if (two.reply.kind === 'result') this.#goOn(two, second.turn);
    const results = [first.result, second.result];
    for (const result of results) this.steps.push({ join: result });
  }

  #complete({ end, completion, error }: Turn, turn: string): void {
    if (end === 'unfinished') return;
    const status = end === 'unknown' ? unknownMember : end;
    const inside = { ...completion, id: `\${${turn}.turnId}`, status, ...(end === 'failed' && { error }) };
    const params = { threadId: `\${${turn}.threadId}`, turn: inside as JsonObject };
    this.script.push({ send: 'turn/completed', params, ...wrongIf(isWrong(params)) });
  }

  // Goals and logins.

  #goal({ thread: of, mode, refused, turns, end, after, cancelled }: Goal): void {
    const thread = this.#thread(of).name;
    const [read, goal, result] = [this.#name('c'), this.#name('g'), this.#name('e')];
    const [op, args] = [mode === 'run' ? 'run_goal' : 'start_goal', { with: { objective: 'win' } }];
    this.steps.push({ call: `${thread}.${op}`, as: goal, ...args, ...(refused !== 'nothing' && { expect: 'error' }) });
    const idle = { thread: { status: { type: 'idle' }, path: '/stored.jsonl' } };
    this.script.push({ expect: 'thread/read', as: read }, { answer: read, result: idle });
    const [clear, set] = [this.#name('c'), this.#name('c')];
    this.script.push({ expect: 'thread/goal/clear', as: clear });
    const no = (name: string): ScriptStep => ({ error: name, message: 'goals feature is disabled' });
    if (refused === 'clear') {
      this.script.push(no(clear));
      return;
    }
    this.script.push({ answer: clear }, { expect: 'thread/goal/set', as: set, params: { status: 'active' } });
    if (refused === 'set') {
      this.script.push(no(set));
      return;
    }
    this.script.push({ answer: set });
    const threadId = `\${${set}.threadId}`;
    const status = (one: string) => ({ send: 'thread/goal/updated', params: { threadId, goal: { status: one } } });
    const over: ScriptStep = end === 'cleared' ? { send: 'thread/goal/cleared', params: { threadId } } : status(end);
    this.script.push(status('active'));
    if (mode === 'stream') this.steps.push({ start: `${goal}.stream`, as: result });
    else if (mode === 'handle') this.steps.push({ call: `${goal}.run`, as: result });
    for (const [index, turn] of turns.entries()) {
      const ids = { threadId, turnId: this.#name('goal-turn-') };
      this.script.push({ send: 'turn/started', params: { threadId, turn: { id: ids.turnId } } });
      this.#say(turn.events, { ids });
      if (index === 0 && mode === 'stream' && cancelled) {
        this.#cancelGoal(goal, result, ids);
        return;
      }
      const isLast = index === turns.length - 1 || turn.end === 'interrupted';
      if (isLast && !after) this.script.push(over);
      const failed = turn.end === 'failed' && { error: turn.error };
      const params = { threadId, turn: { ...turn.completion, id: ids.turnId, status: turn.end, ...failed } };
      this.script.push({ send: 'turn/completed', params, ...wrongIf(isWrong(params)) });
      if (isLast) break;
    }
    if (after) this.script.push(over);
    if (mode === 'stream') this.steps.push({ join: result });
    this.#barrier();
  }

  #cancelGoal(goal: string, events: string, ids: { threadId: string; turnId: string }): void {
    this.#marker(goal, events, ids);
    this.steps.push({ cancel: events });
    const [pause, interrupt] = [this.#name('c'), this.#name('c')];
    this.script.push(
      { expect: 'thread/goal/set', as: pause, params: { status: 'paused' } },
      { answer: pause },
      { expect: 'turn/interrupt', as: interrupt },
      { error: interrupt, message: 'no active turn to interrupt' },
    );
    this.steps.push({ join: events });
    this.#barrier();
  }

  #login({ op, others, cancelled, early, outcome }: Login): void {
    const [name, loginId, waiting] = [this.#name('l'), this.#name('attempt'), this.#name('w')];
    this.steps.push({ call: `codex.${op}`, as: name });
    const chatgpt = { type: 'chatgpt', authUrl: 'https://login.example/a' };
    const device = { type: 'chatgptDeviceCode', verificationUrl: 'https://login.example/d', userCode: 'AB-12' };
    const result = { ...(op === 'login_chatgpt' ? chatgpt : device), loginId };
    this.script.push({ expect: 'account/login/start', as: name }, { answer: name, result });
    if (cancelled !== undefined) {
      const cancel = this.#name('c');
      const failed = cancelled.kind !== 'result' && { expect: 'error' as const };
      this.steps.push({ call: `${name}.cancel`, as: cancel, ...failed });
      this.script.push({ expect: 'account/login/cancel', as: cancel });
      this.#answer(cancel, cancelled, {});
    }
    const told = (id: string, params: JsonObject): ScriptStep => ({
      send: 'account/login/completed',
      params: { ...params, loginId: id },
    });
    const outcomes = [...others.map((other, index) => told(`other-${index}`, other)), told(loginId, outcome)];
    if (early) {
      this.script.push(...outcomes);
      this.#barrier();
      this.steps.push({ call: `${name}.wait`, as: waiting });
      return;
    }
    const latch = this.#name('go');
    this.steps.push({ start: `${name}.wait`, as: waiting }, { release: latch }, { join: waiting });
    this.script.push({ hold: latch }, ...outcomes);
  }

  /** Its answer comes when nobody waits for it any more. */
  #cancelled(call: Call): void {
    const { name, step } = this.#step(call);
    const { call: start, expect: _, ...rest } = step;
    this.steps.push({ start, ...rest });
    this.script.push({ expect: (operations[call.op] as { method: string }).method, as: name });
    this.#reached();
    const latch = this.#name('go');
    this.script.push({ hold: latch });
    this.steps.push({ cancel: name }, { release: latch });
    this.#say(call.before, { thread: name });
    this.#answer(name, call.reply, call.written);
    this.#barrier();
  }

  // What the engine says.

  #say(all: readonly Said[], around: Around): void {
    for (const said of all) this.script.push(...this.#said(said, around));
  }

  #said(said: Said, { turn, thread, ids = turn === undefined ? undefined : this.#ids(turn) }: Around): ScriptStep[] {
    switch (said.kind) {
      case 'event': {
        const { method, params, own } = said;
        const about = ids?.threadId ?? (thread && `\${${thread}.threadId}`);
        const threadId = own !== 'none' && about !== undefined ? { threadId: about } : {};
        const ofTurn = own === 'turn' && ids !== undefined ? this.#aboutTurn(method, params, ids.turnId) : {};
        const given = { ...params, ...threadId, ...ofTurn };
        return [{ send: method, params: given, ...wrongIf(isWrong(given)) }];
      }
      case 'unknown': {
        const params = said.params['of'] === 'turn' && ids !== undefined ? ids : said.params;
        return [{ send: said.method, params, wrong: true }];
      }
      case 'request': {
        const name = this.#name('q');
        this.answers.push({ to: said.method, times: 1, reply: said.reply });
        return [
          { request: said.method, as: name, params: said.params, ...wrongIf(isWrong(said.params)) },
          { 'expect-reply': name },
        ];
      }
      case 'stderr':
        return [{ stderr: said.text }];
      case 'noise':
        return this.#noise(said.noise, ids?.threadId);
    }
  }

  #aboutTurn(method: string, params: JsonObject, turnId: string): JsonObject {
    return withTurn.has(method) ? { turn: { ...(params['turn'] as JsonObject | undefined), id: turnId } } : { turnId };
  }

  #noise(noise: 'nobody' | 'elsewhere' | 'twice', threadId = 'nowhere'): ScriptStep[] {
    if (noise === 'nobody') return [{ raw: '{"id":"nobody","result":{}}\n' }];
    if (noise === 'twice') return this.#latest === undefined ? [] : [{ answer: this.#latest, wrong: true }];
    return [{ send: 'item/agentMessage/delta', params: { threadId, turnId: 'elsewhere', delta: 'lost' } }];
  }
}
