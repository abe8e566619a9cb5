import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { Contract } from '../../contract/types.ts';
import { ContractValues, texts } from './contract-values.ts';
import { type OnlyOurs, onlyOurs } from './only-ours.ts';

/** What an engine says on its own, in a turn or about nothing in particular. */
export type Said =
  | { kind: 'event'; method: string; params: JsonObject; own: 'turn' | 'thread' | 'none' }
  /** A notification of no contract. */
  | { kind: 'unknown'; method: string; params: JsonObject }
  /** A request to the client, and what its handler answers. */
  | { kind: 'request'; method: string; params: JsonObject; reply: JsonValue }
  /** A line that is not a message, and that a client passes over. */
  | { kind: 'noise'; noise: 'nobody' | 'elsewhere' | 'twice' }
  | { kind: 'stderr'; text: string };

/** How a message is written. */
export interface Written {
  eol?: 'crlf';
  chunks?: 'every-byte' | number[];
}

export type Reply =
  | { kind: 'result'; result: JsonObject }
  | { kind: 'error'; code: number; message: string; data?: JsonValue }
  /** Something that is not an object. */
  | { kind: 'odd'; result: JsonValue };

/** One call and its answer. */
export interface Call {
  op: string;
  /** Which thread it is about, of those that there are. */
  thread: number;
  args: JsonObject;
  reply: Reply;
  before: Said[];
  written: Written;
}

export type End = 'completed' | 'failed' | 'interrupted' | 'unknown' | 'unfinished';

/** What the client does while a turn runs. */
export type Middle =
  | { kind: 'steer'; input: JsonValue; reply: Reply }
  | { kind: 'interrupt'; reply: Reply }
  | { kind: 'call'; call: Call }
  /** Another handle of the same turn. */
  | { kind: 'join'; input: JsonValue }
  | { kind: 'cancel' };

/** A goal of a thread: the turns that the engine makes of it, and how it is told to be over. */
export interface Goal {
  thread: number;
  /** `run_goal` of the thread; else `start_goal`, and of its handle `stream` or `run`. */
  mode: 'run' | 'stream' | 'handle';
  refused: 'nothing' | 'clear' | 'set';
  turns: { events: Said[]; end: 'completed' | 'failed' | 'interrupted'; completion: JsonObject; error: JsonObject }[];
  end: 'complete' | 'blocked' | 'paused' | 'usageLimited' | 'budgetLimited' | 'cleared';
  /** The end is told after that of the last turn. */
  after: boolean;
  /** The reader is cancelled in the middle of the first turn. */
  cancelled: boolean;
}

export interface Login {
  op: 'login_chatgpt' | 'login_chatgpt_device_code';
  /** The outcomes of other attempts, told before its own. */
  others: JsonObject[];
  /** What the engine says to a cancelling; undefined: it is not cancelled. */
  cancelled: Reply | undefined;
  /** The outcome is told before anybody waits for it. */
  early: boolean;
  outcome: JsonObject;
}

export interface Turn {
  thread: number;
  /** `run` of the thread; else `turn`, and of its handle: `stream` to its end, `run`, some events with `next` and then `close`, nothing, or let go of. */
  mode: 'run' | 'stream' | 'handle' | 'next' | 'unread' | 'dropped';
  input: JsonValue;
  options: JsonObject;
  early: Said[];
  /** Of `turn/start`. */
  reply: Reply;
  events: Said[];
  middle: Middle | undefined;
  rest: Said[];
  end: End;
  completion: JsonObject;
  error: JsonObject;
  late: Said[];
  /** Of `next`: how many events are taken. */
  taken: number;
  /** What is done with the handle afterwards. */
  afterwards: 'nothing' | 'run' | 'stream';
  written: Written;
}

export type Act =
  | { kind: 'call'; call: Call }
  | { kind: 'turn'; turn: Turn }
  | { kind: 'goal'; goal: Goal }
  | { kind: 'login'; login: Login }
  /** A call that is cancelled before its answer comes. */
  | { kind: 'cancelled'; call: Call }
  /** Two calls, the second sent before the first is answered; `reversed`: the second is answered first. */
  | { kind: 'calls'; one: Call; two: Call; reversed: boolean }
  /** Turns of two threads, whose events alternate. */
  | { kind: 'turns'; one: Turn; two: Turn; order: boolean[] }
  /** Two runs of one thread: the second waits for the answer to the first one's start. */
  | { kind: 'queue'; one: Turn; two: Turn };

/** How it all ends: with the client, or with the engine while something waits for it. */
export type Finish =
  | { kind: 'end' }
  | { kind: 'close' }
  | { kind: 'exit'; code: number; during: 'nothing' | 'call' | 'stream' | 'run'; stderr: string }
  | { kind: 'kill'; during: 'nothing' | 'call' | 'stream' | 'run' }
  | { kind: 'line'; line: string; during: 'call' | 'stream' | 'run' };

export interface Plan {
  acts: Act[];
  finish: Finish;
  /** What only our client has, which is compared with itself. */
  own: OnlyOurs | undefined;
}

/** Of the engine's notifications, those that are about a turn, a thread, or neither. */
function notifications({ methods, schema }: Contract): Record<'turn' | 'thread' | 'none', string[]> {
  const found: Record<'turn' | 'thread' | 'none', string[]> = { turn: [], thread: [], none: [] };
  for (const [method, { params, unlisted }] of Object.entries(methods.serverNotifications)) {
    // The end of a turn and of a login are the plan's to say.
    if (unlisted === true || method === 'turn/completed' || method === 'account/login/completed') continue;
    const names = Object.keys(schema.definitions[params ?? '']?.properties ?? {});
    found[
      names.includes('turnId') || names.includes('turn') ? 'turn' : names.includes('threadId') ? 'thread' : 'none'
    ].push(method);
  }
  return found;
}

const optional = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: some as fc.Arbitrary<T | undefined> },
  );

/** Some of the options that an operation has. */
function options(of: Record<string, fc.Arbitrary<JsonValue>>): fc.Arbitrary<JsonObject> {
  const maybe = Object.fromEntries(Object.entries(of).map(([name, some]) => [name, optional(some)]));
  return fc
    .record(maybe)
    .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as JsonObject);
}

const word = fc.constantFrom<JsonValue>('one', 'two words', '');
const flag = fc.boolean() as fc.Arbitrary<JsonValue>;
const enumOf = (name: string, ...members: string[]) =>
  fc.constantFrom<JsonValue>(...members.map((member) => ({ $enum: `${name}.${member}` })));
const approval = enumOf('ApprovalMode', 'deny_all', 'auto_review');
const sandbox = enumOf('Sandbox', 'read_only', 'workspace_write', 'full_access');
const personality = fc.constantFrom<JsonValue>('none', 'friendly', 'pragmatic');
const config = fc.constantFrom<JsonValue>({}, { a: null }, { model: { deep: [1, null, 'x'] } });
const common = {
  approval_mode: approval,
  base_instructions: word,
  config,
  developer_instructions: word,
  model: word,
  model_provider: word,
  sandbox,
  service_tier: word,
};
const ofThread = { ...common, personality, cwd: word };
const ofTurn = {
  approval_mode: approval,
  effort: fc.constantFrom<JsonValue>('low', 'high', 'minimal'),
  model: word,
  output_schema: fc.constantFrom<JsonValue>({ type: 'object', default: null }, {}),
  personality,
  sandbox,
  service_tier: word,
  source: word,
  summary: fc.constantFrom<JsonValue>('auto', 'none'),
  turn_service_tier: word,
};
/** Operations of one request: its method, and the options that it has. */
export const operations: Readonly<
  Record<string, { method: string; of: 'codex' | 'thread'; args: fc.Arbitrary<JsonObject> }>
> = {
  models: { method: 'model/list', of: 'codex', args: options({ include_hidden: flag }) },
  account: { method: 'account/read', of: 'codex', args: options({ refresh_token: flag }) },
  thread_list: {
    method: 'thread/list',
    of: 'codex',
    args: options({
      archived: flag,
      cursor: word,
      limit: fc.integer({ min: 0, max: 9 }) as fc.Arbitrary<JsonValue>,
      model_providers: fc.constantFrom<JsonValue>([], ['a']),
      search_term: word,
      sort_direction: fc.constantFrom<JsonValue>('asc', 'desc'),
      use_state_db_only: flag,
      cwd: fc.constantFrom<JsonValue>('/a', ['/a', '/b']),
    }),
  },
  thread_start: {
    method: 'thread/start',
    of: 'codex',
    args: options({
      ...ofThread,
      ephemeral: flag,
      service_name: word,
      session_start_source: fc.constantFrom<JsonValue>('startup', 'clear'),
      thread_source: word,
    }),
  },
  thread_resume: { method: 'thread/resume', of: 'thread', args: options({ ...ofThread, include_turns: flag }) },
  thread_fork: {
    method: 'thread/fork',
    of: 'thread',
    args: options({ ...common, cwd: word, ephemeral: flag, include_turns: flag, thread_source: word }),
  },
  thread_archive: { method: 'thread/archive', of: 'thread', args: fc.constant({}) },
  thread_unarchive: { method: 'thread/unarchive', of: 'thread', args: fc.constant({}) },
  read: { method: 'thread/read', of: 'thread', args: options({ include_turns: flag }) },
  set_name: { method: 'thread/name/set', of: 'thread', args: fc.record({ name: texts as fc.Arbitrary<JsonValue> }) },
  compact: { method: 'thread/compact/start', of: 'thread', args: fc.constant({}) },
  login_api_key: { method: 'account/login/start', of: 'codex', args: fc.constant({ api_key: 'test-key' }) },
  logout: { method: 'account/logout', of: 'codex', args: fc.constant({}) },
};

const item = (name: string, fields: JsonObject): JsonObject => ({ $new: name, ...fields });
const inputs: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 3, arbitrary: texts as fc.Arbitrary<JsonValue> },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.constantFrom<JsonValue>(
        item('TextInput', { text: 'part' }),
        item('ImageInput', { url: 'data:image/png;base64,AA==' }),
        item('LocalImageInput', { path: '/a.png' }),
        item('SkillInput', { name: 'skill', path: '/s' }),
        item('MentionInput', { name: 'mention', path: 'app://m' }),
      ),
      { maxLength: 3 },
    ) as fc.Arbitrary<JsonValue>,
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<JsonValue>(
      item('TextInput', { text: 'alone' }),
      item('ExternalMessage', { tool_name: 'mail', content: 'text' }),
    ),
  },
);

const codes = fc.constantFrom(-32600, -32603, -32700, -32601, -32602, -32001, -32000, -32050, -32099, -32100, 0, 5);

/** Plans whose messages follow the contract. */
export function plans(contract: Contract): fc.Arbitrary<Plan> {
  const values = new ContractValues(contract, true);
  const about = notifications(contract);
  const eventOf = (own: 'turn' | 'thread' | 'none', methods: fc.Arbitrary<string>): fc.Arbitrary<Said> =>
    methods.chain((method) => values.params(method).map((params): Said => ({ kind: 'event', method, params, own })));
  const common: fc.Arbitrary<Said> = eventOf(
    'turn',
    fc.constantFrom(
      'item/agentMessage/delta',
      'item/completed',
      'item/started',
      'thread/tokenUsage/updated',
      'turn/started',
      'turn/diff/updated',
      'error',
    ),
  );
  const message: fc.Arbitrary<Said> = fc
    .record({ text: texts, phase: optional(fc.constantFrom<JsonValue>('final_answer', 'commentary', null)) })
    .map(
      ({ text, phase }): Said => ({
        kind: 'event',
        method: 'item/completed',
        params: { item: { type: 'agentMessage', text, ...(phase !== undefined && { phase }) } },
        own: 'turn',
      }),
    );
  const unknown: fc.Arbitrary<Said> = fc
    .record({
      method: fc.constantFrom('mystery/one', 'item/mystery', 'turn/mystery'),
      params: fc.constantFrom<JsonObject>({}, { a: 1 }, { turnId: 'elsewhere' }, { of: 'turn' }),
    })
    .map(({ method, params }): Said => ({ kind: 'unknown', method, params }));
  const noise: fc.Arbitrary<Said> = fc.oneof(
    fc
      .constantFrom('nobody' as const, 'elsewhere' as const, 'twice' as const)
      .map((kind): Said => ({ kind: 'noise', noise: kind })),
    fc.constantFrom('a warning\n', 'half', 'größer\n').map((text): Said => ({ kind: 'stderr', text })),
  );
  const outside = fc.oneof(
    { weight: 2, arbitrary: eventOf('thread', fc.constantFrom(...about.thread)) },
    { weight: 2, arbitrary: eventOf('none', fc.constantFrom(...about.none)) },
    { weight: 1, arbitrary: unknown },
    { weight: 1, arbitrary: noise },
  );
  const asked: fc.Arbitrary<Said> = fc
    .constantFrom(...Object.keys(contract.methods.serverRequests).filter((method) => method !== 'currentTime/read'))
    .chain((method) => {
      const answer = new ContractValues(contract, false).type(contract.methods.serverRequests[method]?.result, true);
      return fc
        .tuple(values.params(method), answer)
        .map(([params, answered]): Said => ({ kind: 'request', method, params, reply: answered }));
    });
  const inTurn = fc.oneof(
    { weight: 4, arbitrary: message },
    { weight: 5, arbitrary: common },
    { weight: 4, arbitrary: eventOf('turn', fc.constantFrom(...about.turn)) },
    { weight: 2, arbitrary: outside },
    { weight: 1, arbitrary: asked },
  );
  const some = (of: fc.Arbitrary<Said>, maxLength: number) => fc.array(of, { maxLength });
  const written: fc.Arbitrary<Written> = fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom<Written>({ eol: 'crlf' }, { chunks: [1] }, { chunks: [7, 20] }) },
  );
  const refused: fc.Arbitrary<Reply> = fc
    .record({
      code: codes,
      message: texts,
      data: optional(
        fc.constantFrom<JsonValue>(
          'server_overloaded',
          { codexErrorInfo: 'server_overloaded' },
          { a: 1 },
          null,
          [1],
          'retry limit',
        ),
      ),
    })
    .map(
      ({ code, message: said, data }): Reply => ({
        kind: 'error',
        code,
        message: said,
        ...(data !== undefined && { data }),
      }),
    );
  const reply = (method: string): fc.Arbitrary<Reply> =>
    fc.oneof(
      { weight: 8, arbitrary: values.result(method).map((result): Reply => ({ kind: 'result', result })) },
      { weight: 3, arbitrary: refused },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom<JsonValue>(null, 7, 'text', [], true)
          .map((result): Reply => ({ kind: 'odd', result })),
      },
    );
  const call: fc.Arbitrary<Call> = fc.constantFrom(...Object.keys(operations)).chain((op) => {
    const { method, args } = operations[op] as (typeof operations)[string];
    return fc.record({
      op: fc.constant(op),
      thread: fc.nat({ max: 3 }),
      args,
      reply: reply(method),
      before: some(outside, 2),
      written,
    });
  });
  const middle: fc.Arbitrary<Middle> = fc.oneof(
    fc.record({
      kind: fc.constant('steer' as const),
      input: inputs.filter((input) => !JSON.stringify(input).includes('ExternalMessage')),
      reply: reply('turn/steer'),
    }),
    fc.record({ kind: fc.constant('interrupt' as const), reply: reply('turn/interrupt') }),
    call.map((one): Middle => ({ kind: 'call', call: one })),
    inputs.map((input): Middle => ({ kind: 'join', input })),
    fc.constant<Middle>({ kind: 'cancel' }),
  );
  const end = fc.oneof(
    { weight: 6, arbitrary: fc.constant<End>('completed') },
    { weight: 4, arbitrary: fc.constantFrom<End>('failed', 'interrupted', 'unknown') },
  );
  const completion = values
    .type('Turn')
    .map(({ status: _s, error: _e, items: _i, ...turnFields }) => turnFields as JsonObject);
  const turn: fc.Arbitrary<Turn> = fc.record({
    thread: fc.nat({ max: 3 }),
    mode: fc.constantFrom(
      'run' as const,
      'run' as const,
      'stream' as const,
      'stream' as const,
      'handle' as const,
      'next' as const,
      'unread' as const,
    ),
    input: inputs,
    options: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: options(ofTurn) }),
    early: fc.oneof({ weight: 3, arbitrary: fc.constant<Said[]>([]) }, { weight: 1, arbitrary: some(inTurn, 3) }),
    reply: fc.oneof(
      { weight: 9, arbitrary: fc.constant<Reply>({ kind: 'result', result: {} }) },
      { weight: 1, arbitrary: reply('turn/start') },
    ),
    events: some(inTurn, 5),
    middle: optional(middle),
    rest: some(inTurn, 3),
    end,
    completion,
    error: values.type('TurnError'),
    late: fc.oneof({ weight: 4, arbitrary: fc.constant<Said[]>([]) }, { weight: 1, arbitrary: some(inTurn, 2) }),
    taken: fc.nat({ max: 6 }),
    afterwards: fc.constantFrom(
      'nothing' as const,
      'nothing' as const,
      'nothing' as const,
      'run' as const,
      'stream' as const,
    ),
    written,
  });
  const goal: fc.Arbitrary<Goal> = fc.record({
    thread: fc.nat({ max: 3 }),
    mode: fc.constantFrom('run' as const, 'stream' as const, 'handle' as const),
    refused: fc.oneof(
      { weight: 8, arbitrary: fc.constant('nothing' as const) },
      { weight: 1, arbitrary: fc.constantFrom('clear' as const, 'set' as const) },
    ),
    turns: fc.array(
      fc.record({
        events: some(inTurn, 4),
        end: fc.constantFrom('completed' as const, 'completed' as const, 'failed' as const, 'interrupted' as const),
        completion,
        error: values.type('TurnError'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    end: fc.constantFrom(
      'complete' as const,
      'blocked' as const,
      'paused' as const,
      'usageLimited' as const,
      'budgetLimited' as const,
      'cleared' as const,
    ),
    after: fc.boolean(),
    cancelled: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
  const outcome = fc.record({
    success: fc.boolean() as fc.Arbitrary<JsonValue>,
    error: fc.constantFrom<JsonValue>(null, 'refused', ''),
  }) as fc.Arbitrary<JsonObject>;
  const login: fc.Arbitrary<Login> = fc.record({
    op: fc.constantFrom('login_chatgpt' as const, 'login_chatgpt_device_code' as const),
    others: fc.array(outcome, { maxLength: 2 }),
    cancelled: optional(reply('account/login/cancel')),
    early: fc.boolean(),
    outcome,
  });
  const act: fc.Arbitrary<Act> = fc.oneof(
    { weight: 1, arbitrary: goal.map((one): Act => ({ kind: 'goal', goal: one })) },
    { weight: 1, arbitrary: login.map((one): Act => ({ kind: 'login', login: one })) },
    { weight: 1, arbitrary: call.map((one): Act => ({ kind: 'cancelled', call: one })) },
    { weight: 4, arbitrary: turn.map((one): Act => ({ kind: 'turn', turn: one })) },
    { weight: 3, arbitrary: call.map((one): Act => ({ kind: 'call', call: one })) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('calls' as const), one: call, two: call, reversed: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('turns' as const),
        one: turn,
        two: turn,
        order: fc.array(fc.boolean(), { maxLength: 8 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('queue' as const), one: turn, two: turn }) },
  );
  const waiting = fc.constantFrom('nothing' as const, 'call' as const, 'stream' as const, 'run' as const);
  const busy = fc.constantFrom('call' as const, 'stream' as const, 'run' as const);
  const finish: fc.Arbitrary<Finish> = fc.oneof(
    { weight: 6, arbitrary: fc.constant<Finish>({ kind: 'end' }) },
    { weight: 1, arbitrary: fc.constant<Finish>({ kind: 'close' }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('exit' as const),
        code: fc.constantFrom(0, 1, 3),
        during: waiting,
        stderr: fc.constantFrom('', 'last words\n'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), during: waiting }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('line' as const),
        line: fc.constantFrom('no json', '', '[1]', '7', '"text"', 'null', '{"method":'),
        during: busy,
      }),
    },
  );
  return fc.record({
    acts: fc.array(act, { minLength: 1, maxLength: 4 }),
    finish,
    own: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: onlyOurs }),
  });
}
