import type { JsonObject } from '../../testing/json/json.ts';
import type { Block, Ground, Line, Side } from './block.ts';

/** An operation of a thread that can be unfinished while another one begins. */
export interface Operation {
  /** The public methods of ours that it stands for, as `Class.method`. */
  methods: readonly string[];
  /** Whether Python has it. */
  python: boolean;
  /** What it is called on. Default: a thread, whatever is under way on it. */
  needs?: Exclude<Ground, 'idle'>;
  /** Whether it starts a turn or a goal, of which a client starts one at a time on a thread. */
  starts?: true;
  /** Whether its `begins` leave that start unanswered. */
  unanswered?: true;
  /** Whether it is one request and its answer, and changes nothing that another operation depends on. */
  plain?: true;
  /** Another one that stands for it in pairs with what only ours has. */
  like?: string;
  /** Whether that one stands for it as the first of every pair too. */
  second?: true;
  /** Whether it reads the events of a handle: two such readers share them in Python, and whoever comes first has one. */
  reads?: true;
  /** Whether two of it are told apart by nothing. */
  single?: true;
  /** Whether the engine asks the program, which answers before the turn is over. */
  asked?: true;
  /** Whether the thread is of no more use afterwards. */
  spoils?: true;
  /** What the thread must have been started with. */
  thread?: JsonObject;
  /** @param name names what belongs to it in the scenario and in the script */
  play(block: Block, name: string): Side;
}

const start = (name: string, op: string, args?: JsonObject): Line => ({
  start: op,
  as: name,
  ...(args === undefined ? {} : { with: args }),
});

/** A request of the client and its answer. */
const request =
  (
    op: (block: Block) => string,
    method: string,
    args: (block: Block) => JsonObject | undefined,
    more: Requested = {},
  ) =>
  (block: Block, name: string): Side => ({
    step: start(name, op(block), args(block)),
    begins: [{ expect: method, as: name, ...(more.params && { params: more.params(block) }) }],
    ends: () => {
      more.answered?.(block);
      return [{ answer: name, ...(more.result && { result: more.result(block) }) }];
    },
  });

interface Requested {
  params?: (block: Block) => JsonObject;
  result?: (block: Block) => JsonObject;
  answered?: (block: Block) => void;
}

const none = () => undefined;
const ofThread = ({ threadId }: Block) => ({ threadId });
const byId = ({ thread }: Block) => ({ thread_id: { $ref: `${thread}.id` } });
const on = (name: string) => (block: Block) => `${block.thread}.${name}`;
const onHandle = (name: string) => (block: Block) => `h${block.number}.${name}`;
const onGoal = (name: string) => (block: Block) => `g${block.number}.${name}`;
const onClient = (name: string) => () => `codex.${name}`;

/** What begins a turn, or joins the one that runs. While a goal has the thread, the client refuses it. */
const startsTurn =
  (op: string, args: JsonObject, end: 'at the answer' | 'with the turn', method = 'turn/start') =>
  (block: Block, name: string): Side => {
    const step = start(name, `${block.thread}.${op}`, args);
    if (block.goal) return { step, begins: [], ends: () => [], fails: true };
    const { threadId } = block;
    const joins = block.turn !== undefined && method === 'turn/start';
    const turn = joins ? (block.turn as string) : `turn-of-${name}`;
    const expect = { expect: method, as: name, params: { threadId } };
    const answer = {
      answer: name,
      result: { turn: { id: turn }, ...(method === 'review/start' && { reviewThreadId: threadId }) },
    };
    const started = joins ? [] : [{ send: 'turn/started', params: { threadId, turn: { id: turn } } }];
    if (end === 'with the turn') {
      block.begun(turn);
      return { step, begins: [expect, answer, ...started], ends: () => block.complete() };
    }
    return {
      step,
      begins: [expect],
      ends: () => {
        // The turn of a joined start may have ended by now: the engine has answered by its id all the same.
        if (!joins) block.begun(turn);
        return [answer, ...started];
      },
    };
  };

/** What gives the thread a goal, which must be idle. */
const startsGoal =
  (op: string, end: 'at the answer' | 'with the goal') =>
  (block: Block, name: string): Side => {
    const { threadId } = block;
    const step = start(name, `${block.thread}.${op}`, { objective: 'win' });
    const read = { expect: 'thread/read', as: name, params: { threadId } };
    if (block.turn !== undefined || block.goal) {
      const active = { status: { type: 'active', activeFlags: [] }, path: '/stored.jsonl' };
      return { step, begins: [read], ends: () => [{ answer: name, result: { thread: active } }], fails: true };
    }
    const turn = `turn-of-${name}`;
    const asked = [
      read,
      { answer: name, result: { thread: { status: { type: 'idle' }, path: '/stored.jsonl' } } },
      { expect: 'thread/goal/clear', as: `${name}c`, params: { threadId } },
      { answer: `${name}c` },
      { expect: 'thread/goal/set', as: `${name}s`, params: { threadId, status: 'active' } },
    ];
    const begun = [
      { answer: `${name}s` },
      { send: 'thread/goal/updated', params: { threadId, goal: { status: 'active' } } },
      { send: 'turn/started', params: { threadId, turn: { id: turn } } },
    ];
    const has = () => {
      block.goal = true;
      block.begun(turn);
    };
    if (end === 'with the goal') {
      has();
      return { step, begins: [...asked, ...begun], ends: () => block.complete() };
    }
    return {
      step,
      begins: asked,
      ends: () => {
        has();
        return begun;
      },
    };
  };

/** What waits for the turn that runs, and asks the engine nothing. */
const waits =
  (op: (block: Block) => string, args: (block: Block) => JsonObject | undefined = none) =>
  (block: Block, name: string): Side => ({
    step: start(name, op(block), args(block)),
    begins: [],
    ends: () => block.complete(),
  });

const steer: Requested = {
  params: ({ threadId, turn }) => ({ threadId, expectedTurnId: turn ?? '' }),
  result: ({ turn }) => ({ turnId: turn ?? '' }),
};

/** A goal is told to stop, and then its turn. */
function interruptGoal(block: Block, name: string): Side {
  const { threadId, turn = '' } = block;
  return {
    step: start(name, `g${block.number}.interrupt`),
    begins: [{ expect: 'thread/goal/set', as: name, params: { threadId, status: 'paused' } }],
    ends: () => [
      { answer: name, result: { goal: { status: 'paused' } } },
      { expect: 'turn/interrupt', as: `${name}i`, params: { threadId, turnId: turn } },
      { answer: `${name}i` },
    ],
  };
}

function approval(block: Block, name: string): Side {
  const { threadId, turn = '' } = block;
  const asked = 'item/commandExecution/requestApproval';
  return {
    begins: [{ request: asked, as: name, params: { threadId, turnId: turn, itemId: name, command: 'ls' } }],
    ends: () => [{ 'expect-reply': name, result: { decision: 'accept' } }],
    frees: [{ release: name }],
    answer: { to: asked, match: { itemId: name }, hold: name, reply: { decision: 'accept' } },
  };
}

/** A function of the program that waits for its second call. */
function tool(block: Block, name: string): Side {
  const { threadId, turn = '' } = block;
  const call = (as: string, id: string) => ({
    request: 'item/tool/call',
    as,
    params: { threadId, turnId: turn, callId: as, tool: 'ticket', arguments: { id } },
  });
  return {
    begins: [call(name, 'first')],
    ends: () => [call(`${name}b`, 'second'), { 'expect-reply': name }, { 'expect-reply': `${name}b` }],
  };
}

/** The engine compacts in a turn of its own, which begins with the compaction. */
function compactAndWait(block: Block, name: string): Side {
  const { threadId } = block;
  const turn = `turn-of-${name}`;
  const item = { threadId, turnId: turn, item: { id: `of-${turn}`, type: 'contextCompaction' } };
  return {
    step: start(name, `${block.thread}.compact`, { wait: true }),
    begins: [{ expect: 'thread/compact/start', as: name, params: { threadId } }],
    ends: () => [
      { answer: name },
      { send: 'turn/started', params: { threadId, turn: { id: turn } } },
      { send: 'item/started', params: item },
      { send: 'item/completed', params: item },
      { send: 'turn/completed', params: { threadId, turn: { id: turn } } },
    ],
  };
}

function interrupt(block: Block, name: string): Side {
  const { threadId, turn = '' } = block;
  return {
    step: start(name, `h${block.number}.interrupt`),
    begins: [{ expect: 'turn/interrupt', as: name, params: { threadId, turnId: turn } }],
    ends: () => {
      block.interrupted();
      return [{ answer: name }];
    },
  };
}

const hi = { input: 'hi' };
/** The schema that the answer of each turn fits. */
const answers = { type: 'object', properties: { summary: { type: 'string' } }, required: ['summary'] };
const forked = (block: Block) => ({ thread: { id: `fork-${block.number}` } });

/**
 * Every operation of a thread that can be unfinished while another one begins. `npm run generate` makes scenarios of the ordered pairs; a public method
 * that is neither here nor in `notPaired` fails a test.
 */
export const operations: Readonly<Record<string, Operation>> = {
  turn: {
    methods: ['Thread.turn'],
    python: true,
    starts: true,
    unanswered: true,
    play: startsTurn('turn', hi, 'at the answer'),
  },
  run: { methods: ['Thread.run'], python: true, starts: true, play: startsTurn('run', hi, 'with the turn') },
  stream: {
    methods: ['TurnHandle.stream'],
    python: true,
    needs: 'turn',
    reads: true,
    play: waits(onHandle('stream')),
  },
  'run-of-handle': {
    methods: ['TurnHandle.run'],
    python: true,
    like: 'stream',
    needs: 'turn',
    reads: true,
    play: waits(onHandle('run')),
  },
  steer: {
    methods: ['TurnHandle.steer'],
    python: true,
    plain: true,
    like: 'read',
    needs: 'turn',
    play: request(onHandle('steer'), 'turn/steer', () => ({ input: 'more' }), steer),
  },
  interrupt: { methods: ['TurnHandle.interrupt'], python: true, needs: 'turn', play: interrupt },
  compact: {
    methods: ['Thread.compact'],
    python: true,
    plain: true,
    like: 'read',
    play: request(on('compact'), 'thread/compact/start', none, { params: ofThread }),
  },
  read: {
    methods: ['Thread.read'],
    python: true,
    plain: true,
    play: request(on('read'), 'thread/read', none, { params: ofThread }),
  },
  'set-name': {
    methods: ['Thread.setName'],
    python: true,
    plain: true,
    like: 'read',
    second: true,
    play: request(on('set_name'), 'thread/name/set', () => ({ name: 'mine' }), { params: ofThread }),
  },
  start: {
    methods: ['Codex.threadStart'],
    python: true,
    plain: true,
    like: 'read',
    second: true,
    play: request(onClient('thread_start'), 'thread/start', none),
  },
  list: {
    methods: ['Codex.threadList'],
    python: true,
    plain: true,
    like: 'read',
    second: true,
    play: request(onClient('thread_list'), 'thread/list', none),
  },
  resume: {
    methods: ['Codex.threadResume'],
    python: true,
    plain: true,
    like: 'read',
    play: request(onClient('thread_resume'), 'thread/resume', byId, {
      params: ofThread,
      result: ({ threadId }) => ({ thread: { id: threadId } }),
    }),
  },
  fork: {
    methods: ['Codex.threadFork'],
    python: true,
    plain: true,
    like: 'read',
    play: request(onClient('thread_fork'), 'thread/fork', byId, { params: ofThread, result: forked }),
  },
  archive: {
    methods: ['Codex.threadArchive'],
    python: true,
    plain: true,
    like: 'read',
    second: true,
    play: request(onClient('thread_archive'), 'thread/archive', byId, { params: ofThread }),
  },
  unarchive: {
    methods: ['Codex.threadUnarchive'],
    python: true,
    plain: true,
    like: 'read',
    second: true,
    play: request(onClient('thread_unarchive'), 'thread/unarchive', byId, {
      params: ofThread,
      result: ({ threadId }) => ({ thread: { id: threadId } }),
    }),
  },
  approval: { methods: [], python: true, needs: 'turn', asked: true, play: approval },
  goal: {
    methods: ['Thread.startGoal'],
    python: true,
    starts: true,
    unanswered: true,
    spoils: true,
    play: startsGoal('start_goal', 'at the answer'),
  },
  'run-of-goal': {
    methods: ['Thread.runGoal'],
    python: true,
    starts: true,
    spoils: true,
    play: startsGoal('run_goal', 'with the goal'),
  },
  'stream-of-goal': {
    methods: ['GoalHandle.stream'],
    python: true,
    like: 'run-of-goal',
    needs: 'goal',
    reads: true,
    play: waits(onGoal('stream')),
  },

  'typed-run': {
    methods: [],
    python: false,
    starts: true,
    play: startsTurn('run', { ...hi, output: answers }, 'with the turn'),
  },
  'auto-run': {
    methods: ['Thread.autoRun'],
    python: false,
    starts: true,
    play: startsTurn('auto_run', { ...hi, until: { $new: 'Verdicts', answers: [true] } }, 'with the turn'),
  },
  review: {
    methods: ['Thread.review'],
    python: false,
    starts: true,
    unanswered: true,
    play: startsTurn('review', { target: { type: 'uncommittedChanges' } }, 'at the answer', 'review/start'),
  },
  'compact-and-wait': { methods: [], python: false, starts: true, unanswered: true, play: compactAndWait },
  tool: {
    methods: [],
    python: false,
    needs: 'turn',
    single: true,
    asked: true,
    thread: { tools: [{ $new: 'Tool', name: 'ticket', meets: 2 }] },
    play: tool,
  },
  attach: {
    methods: ['Thread.attach'],
    python: false,
    needs: 'turn',
    play: (block, name) => ({
      step: start(name, `${block.thread}.attach`, { turn_id: { $ref: `h${block.number}.id` } }),
      begins: [],
      ends: () => [],
    }),
  },
  'steer-of-goal': {
    methods: ['GoalHandle.steer'],
    python: false,
    plain: true,
    needs: 'goal',
    play: request(onGoal('steer'), 'turn/steer', () => ({ input: 'more' }), steer),
  },
  'interrupt-of-goal': { methods: ['GoalHandle.interrupt'], python: false, needs: 'goal', play: interruptGoal },
  pause: {
    methods: ['GoalHandle.pause'],
    python: false,
    plain: true,
    needs: 'goal',
    play: request(onGoal('pause'), 'thread/goal/set', none, {
      params: ({ threadId }) => ({ threadId, status: 'paused' }),
      result: () => ({ goal: { status: 'paused' } }),
    }),
  },
  clear: {
    methods: ['GoalHandle.clear'],
    python: false,
    needs: 'goal',
    play: request(onGoal('clear'), 'thread/goal/clear', none, { params: ofThread, result: () => ({ cleared: true }) }),
  },
};

const reads = 'a request and its answer, as `read`';
const runs = 'a turn and its end, as `run`';
const view = 'a reader of the same events as `stream`, and no request';

/** Public methods of `Codex`, `Thread`, `TurnHandle` and `GoalHandle` that have no pairs, and why. */
export const notPaired: Readonly<Record<string, string>> = {
  'Codex.connect': 'before there is a thread',
  'Codex.close':
    'nothing is told of when it begins: pairs/closed and goals/after-close show what is unfinished then, and what begins',
  'Codex.request': reads,
  'Codex.requestWithRetryOnOverload': reads,
  'Codex.supports': 'asks another process',
  'Codex.notifications': view,
  'Codex.events': view,
  'Codex.nextNotification': view,
  'Codex.waitForTurnCompleted': view,
  'Codex.waitForLoginCompleted': 'not of a thread',
  'Codex.loginApiKey': 'not of a thread',
  'Codex.loginChatgpt': 'not of a thread',
  'Codex.loginChatgptDeviceCode': 'not of a thread',
  'Codex.account': 'not of a thread',
  'Codex.logout': 'not of a thread',
  'Codex.models': 'not of a thread',
  'Codex.threads': 'pages of `list`',
  'Codex.loadedThreads': 'pages of ids',
  'Codex.attachmentOwners': reads,
  'Codex.threadDelete': 'a request and its answer, as `archive`',
  'Thread.streamText': runs,
  'Thread.turns': reads,
  'Thread.items': reads,
  'Thread.attachments': reads,
  'Thread.addAttachment': reads,
  'Thread.removeAttachment': reads,
  'Thread.revert': reads,
  'Thread.updateSettings': reads,
  'Thread.updateMetadata': reads,
  'TurnHandle.text': view,
  'TurnHandle.items': view,
  'TurnHandle.toReadableStream': view,
  'TurnHandle.result': view,
  'TurnHandle.states': view,
  'GoalHandle.text': view,
  'GoalHandle.items': view,
  'GoalHandle.toReadableStream': view,
  'GoalHandle.run': 'the second half of `run-of-goal`',
  'GoalHandle.result': view,
};
