import { join } from 'node:path';
import { Codex, type Notification, type ServerRequest, type ThreadItemEntry } from '../../sdk/index.ts';
import type { ModelAnswer } from '../../testing/index.ts';
import type { Scene, Stage } from './stage.ts';

const ends = ({ finalResponse, status }: { finalResponse: string | null; status: string }) => [status, finalResponse];

/** The newest of what an iterator gives, as a list. */
async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of from) list.push(one);
  return list;
}

/** Reads a turn up to its first piece of text. */
async function untilText(events: AsyncGenerator<Notification, void, void>): Promise<void> {
  for (let next = await events.next(); !next.done; next = await events.next())
    if (next.value.method === 'item/agentMessage/delta') return;
}

const turns: Scene = {
  answers: [
    { message: 'one', usage: { input: 11, output: 3, total: 14 } },
    { stream: ['Hel', 'lo'] },
    { stream: ['pie', 'ces'] },
    { stream: ['steer ', 'me'], hold: 'steered' },
    { message: 'steered' },
    { hang: true },
    { message: '{"ok":true}' },
    { fail: { status: 500 } },
    { fail: { status: 401 } },
    { message: 'joined' },
  ],
  async play({ codex, model, engine, call, fails }) {
    await call(
      'connect',
      () => codex.connect(),
      ({ serverInfo }) => serverInfo.version.startsWith(`${engine.version} `),
    );
    const thread = await call(
      'threadStart',
      () => codex.threadStart(),
      ({ id }) => id,
    );
    await call(
      'run',
      () => thread.run('first'),
      (result) => [...ends(result), result.items.map(({ type }) => type), result.usage?.total.totalTokens],
    );
    await call(
      'turn, stream',
      async () => all((await thread.turn('second')).stream()),
      (events) => [...new Set(events.map(({ method }) => method))].sort(),
    );
    await call(
      'streamText',
      () => all(thread.streamText('third')),
      (texts) => texts.map(({ delta }) => delta),
    );
    const turn = await thread.turn('fourth');
    const events = turn.stream();
    await untilText(events);
    await call(
      'steer',
      () => turn.steer('more'),
      ({ turnId }) => turnId === turn.id,
    );
    model.release('steered');
    await call(
      'the rest of the steered turn',
      () => all(events),
      (rest) => rest.at(-1)?.method,
    );
    const hanging = await thread.turn('fifth');
    const result = hanging.run();
    await model.requested(6);
    await call(
      'interrupt',
      () => hanging.interrupt(),
      (answer) => answer,
    );
    await call('the interrupted turn', () => result, ends);
    const outputSchema = {
      type: 'object',
      properties: { ok: { type: 'boolean' } },
      required: ['ok'],
      additionalProperties: false,
    };
    await call('run with a schema', () => thread.run('sixth', { outputSchema, effort: 'low' }), ends);
    await fails('run that fails', () => thread.run('seventh'));
    await fails('run without a login', () => thread.run('eighth'));
    const last = await thread.turn('ninth');
    const attached = await thread.attach(last.id);
    await call(
      'waitForTurnCompleted',
      () => codex.waitForTurnCompleted(last.id),
      ({ turn: { status } }) => status,
    );
    await call('attach', () => attached.run(), ends);
  },
};

const threads: Scene = {
  answers: [
    { message: 'a' },
    { message: 'b' },
    { message: 'c' },
    { message: 'fork' },
    { message: 'resumed' },
    { message: 'summary' },
  ],
  workspace: { 'README.md': '# demo\n' },
  async play({ codex, call, fails }) {
    const first = await codex.threadStart();
    await first.run('one');
    await first.run('two');
    const other = await codex.threadStart();
    await other.run('three');
    await call(
      'setName',
      () => first.setName('first thread'),
      (answer) => answer,
    );
    await call(
      'read',
      () => first.read({ includeTurns: true }),
      ({ thread }) => [
        thread.name,
        thread.preview,
        thread.turns.map(({ status, items }) => [status, items.map(({ type }) => type)]),
      ],
    );
    await call(
      'updateMetadata',
      () => first.updateMetadata({ gitInfo: { branch: 'main' } }),
      ({ thread }) => thread.gitInfo,
    );
    await call(
      'threadList, first page',
      () => codex.threadList({ limit: 1 }),
      ({ data, nextCursor }) => [data.length, nextCursor != null],
    );
    // In one page: the engine's cursor knows seconds alone, and passes a thread of the same second over.
    await call(
      'threads',
      () => all(codex.threads()),
      (list) => list.map(({ preview }) => preview).sort(),
    );
    await call(
      'threadList, by title',
      () => codex.threadList({ searchTerm: 'first thread' }),
      ({ data }) => data.map(({ name }) => name),
    );
    await call(
      'loadedThreads',
      () => all(codex.loadedThreads()),
      (ids) => ids.length,
    );
    await call(
      'turns',
      () => all(first.turns({ limit: 1, sortDirection: 'asc' })),
      (list) => list.map(({ status }) => status),
    );
    await call(
      'items',
      () => all(first.items({ limit: 2, sortDirection: 'asc' })),
      (list: ThreadItemEntry[]) => list.map(({ item }) => item.type),
    );
    const fork = await call(
      'threadFork',
      () => codex.threadFork(first.id),
      ({ id }) => id !== first.id,
    );
    await call('run on the fork', () => fork.run('four'), ends);
    const resumed = await call(
      'threadResume',
      () => codex.threadResume(first.id),
      ({ id }) => id === first.id,
    );
    await call('run on the resumed', () => resumed.run('five'), ends);
    const { thread: stored } = await first.read({ includeTurns: true });
    await call(
      'revert',
      () => first.revert(stored.turns.at(-1)?.id ?? ''),
      ({ thread }) => thread.turns.length,
    );
    await call(
      'compact',
      () => first.compact(),
      (answer) => answer,
    );
    await call(
      'updateSettings',
      () => other.updateSettings({ effort: 'high', sandbox: 'read-only' }),
      (answer) => answer ?? null,
    );
    await call(
      'threadArchive',
      () => codex.threadArchive(other.id),
      (answer) => answer,
    );
    await call(
      'threadList, archived',
      () => codex.threadList({ archived: true }),
      ({ data }) => data.map(({ preview }) => preview),
    );
    await call(
      'threadUnarchive',
      () => codex.threadUnarchive(other.id),
      ({ id }) => id === other.id,
    );
    await call(
      'threadDelete',
      () => codex.threadDelete(other.id),
      (answer) => answer,
    );
    await fails('read of a deleted thread', () => other.read());
    await fails('threadResume of an unknown thread', () => codex.threadResume('00000000-0000-7000-8000-000000000000'));
    await fails('threadResume of no id', () => codex.threadResume('no id'));
  },
};

const touch: ModelAnswer = {
  call: {
    name: 'exec_command',
    arguments: { cmd: 'touch made.txt', sandbox_permissions: 'require_escalated', justification: 'needs to write' },
  },
};
const patch = '*** Begin Patch\n*** Add File: new.txt\n+new\n*** End Patch\n';

const approvals: Scene = {
  answers: [touch, { message: 'made' }, touch, { message: 'not made' }, touch, { patch }, { message: 'patched' }],
  config: 'sandbox_mode = "read-only"',
  async play({ model, call }) {
    const asked: ServerRequest[] = [];
    let decision: 'accept' | 'decline' | 'cancel' = 'accept';
    const codex = model.codex({
      onServerRequest: (request) => {
        asked.push(request);
        return { decision };
      },
    });
    const thread = await codex.threadStart();
    await thread.updateSettings({ approvalsReviewer: 'user' });
    const run = (name: string, answer: typeof decision) =>
      call(
        name,
        () => {
          decision = answer;
          asked.length = 0;
          return thread.run('write');
        },
        (result) => [
          ...ends(result),
          asked.map(({ method }) => method),
          result.items.flatMap((item) => ('status' in item ? [[item.type, item.status]] : [])),
        ],
      );
    await run('approval, accept', 'accept');
    await run('approval, decline', 'decline');
    await run('approval, cancel', 'cancel');
    await run('approval of a patch, accept', 'accept');
    await codex.close();
  },
};

const goals: Scene = {
  answers: [
    { message: 'working on it', usage: { input: 11, output: 3, total: 14 } },
    { call: { name: 'update_goal', arguments: { status: 'complete' } } },
    { message: 'goal reached', usage: { input: 30, output: 5, total: 35 } },
    { hang: true },
  ],
  config: 'features.goals = true',
  async play({ codex, model, call }) {
    const thread = await codex.threadStart({ sandbox: 'read-only' });
    await call('runGoal', () => thread.runGoal('Make the tests pass'), ends);
    const goal = await call(
      'startGoal',
      () => thread.startGoal('win'),
      ({ threadId }) => threadId === thread.id,
    );
    const result = goal.run();
    await model.requested(4);
    await call(
      'interrupt of a goal',
      () => goal.interrupt(),
      (answer) => answer,
    );
    await call('the interrupted goal', () => result, ends);
    await call(
      'clear',
      () => goal.clear(),
      (answer) => answer,
    );
  },
};

/** What a reviewing model answers: nothing found. */
const reviewed = [
  {
    message:
      '{"findings":[],"overall_correctness":"patch is correct","overall_explanation":"fine","overall_confidence_score":1}',
  },
];

const reviews: Scene = {
  answers: reviewed,
  async play({ codex, call }) {
    const thread = await codex.threadStart();
    const target = { type: 'custom', instructions: 'Look at it.' } as const;
    const result = await call(
      'review',
      () => thread.review(target, { delivery: 'inline' }),
      ({ threadId }) => threadId === thread.id,
    );
    await call(
      'the review',
      () => result.run(),
      ({ status, items }) => [status, [...new Set(items.map(({ type }) => type))].sort()],
    );
  },
};

const detachedReview: Scene = {
  answers: reviewed,
  async play({ codex, call }) {
    const thread = await codex.threadStart();
    const target = { type: 'custom', instructions: 'Look at it.' } as const;
    const turn = await call(
      'review on a thread of its own',
      () => thread.review(target, { delivery: 'detached' }),
      ({ threadId }) => threadId === thread.id,
    );
    await call(
      'the review on a thread of its own',
      () => turn.run(),
      ({ status }) => status,
    );
  },
};

const queue: Scene = {
  answers: [{ hang: true }, { message: 'next' }],
  async play({ codex, model, call, fails }) {
    const { id: threadId, turn: start } = await codex
      .threadStart()
      .then((thread) => ({ id: thread.id, turn: thread.turn.bind(thread) }));
    const turn = await start('go');
    await model.requested(1);
    const input = [{ type: 'text', text: 'next' } as const];
    const { queuedSubmission } = await call(
      'rpc.threadQueueAdd',
      () => codex.rpc.threadQueueAdd({ threadId, clientUserMessageId: 'm1', input }),
      ({ queuedSubmission: { clientUserMessageId } }) => clientUserMessageId,
    );
    await call(
      'rpc.threadQueueList',
      () => codex.rpc.threadQueueList({ threadId }),
      ({ data }) => data.length,
    );
    await turn.interrupt();
    await turn.run();
    const { turn: next } = await call(
      'rpc.threadQueueStart',
      () => codex.rpc.threadQueueStart({ threadId, queuedSubmissionId: queuedSubmission.id }),
      ({ turn: { status } }) => status,
    );
    await call(
      'the queued turn',
      () => codex.waitForTurnCompleted(next.id),
      ({ turn: { status } }) => status,
    ).catch(() => undefined);
    await fails('rpc.threadQueueStart of an empty queue', () => codex.rpc.threadQueueStart({ threadId }));
  },
};

const engine: Scene = {
  async play({ codex, model, call, fails }) {
    await call(
      'models',
      () => codex.models(),
      ({ data }) => [data.length > 0, data.filter(({ isDefault }) => isDefault).length],
    );
    await call(
      'account',
      () => codex.account(),
      (answer) => [answer.account ?? null, answer.requiresOpenaiAuth],
    );
    await call(
      'loginApiKey',
      () => codex.loginApiKey('sk-a-key-that-opens-nothing'),
      (answer) => answer ?? null,
    );
    await call(
      'account, logged in',
      () => codex.account(),
      ({ account }) => account,
    );
    await call(
      'logout',
      () => codex.logout(),
      (answer) => answer ?? null,
    );
    await call(
      'rpc.threadLoadedList',
      () => codex.rpc.threadLoadedList(),
      (answer) => answer,
    );
    await call(
      'supports, a method of all',
      () => codex.supports('thread/revert'),
      (known) => known,
    );
    await call(
      'supports, a method of later engines',
      () => codex.supports('thread/sample'),
      (known) => known,
    );
    await call(
      'supports, a method of none',
      () => codex.supports('thread/rollback'),
      (known) => known,
    );
    await fails('rpc.threadSample, of later engines', () =>
      codex.rpc.threadSample({ threadId: '00000000-0000-7000-8000-000000000000', expectedTurnId: 'x', prompt: 'x' }),
    );
    await call(
      'rpc.modelProviderList, of later engines',
      () => codex.rpc.modelProviderList(),
      ({ data }) => data.map(({ id }) => id),
    ).catch(() => undefined);
    await fails('request of an unknown method', () => codex.request('thread/nonsense', {}));
    await fails('request with wrong parameters', () => codex.request('thread/start', { cwd: 5 } as never));
    const stable = model.codex({ experimentalApi: false });
    await fails('an experimental method without experimentalApi', () => stable.rpc.collaborationModeList());
    await stable.close();
  },
};

const errors: Scene = {
  answers: [{ hang: true }],
  async play({ codex, model, call, fails }) {
    const thread = await codex.threadStart();
    await fails('a wrong argument', () => thread.run(5 as never));
    await fails('a wrong option', () => codex.threadStart({ sandbox: 'everything' as never }));
    await fails('an engine that is not there', () =>
      new Codex({ codexBin: join(model.workspace, 'nothing') }).connect(),
    );
    await fails('a setting that the engine refuses', () =>
      model.codex({ configOverrides: ['sandbox_mode="everything"'] }).connect(),
    );
    await fails('an aborted call', () => thread.read({ signal: AbortSignal.abort('no time') }));
    const turn = await thread.turn('hang');
    const controller = new AbortController();
    const reading = turn.run({ signal: controller.signal });
    await model.requested(1);
    controller.abort('enough');
    await fails('an aborted turn', () => reading);
    const waiting = (await thread.attach(turn.id)).run();
    await call(
      'close',
      () => codex.close(),
      (answer) => answer ?? null,
    );
    await fails('a turn whose connection is closed', () => waiting);
  },
};

const exec: Scene = {
  answers: [{ message: 'one' }, { message: 'two' }, { message: 'three' }, { fail: { status: 500 } }],
  async play(stage: Stage) {
    const { call, fails, model } = stage;
    const codex = stage.exec();
    const options = { workingDirectory: model.workspace, skipGitRepoCheck: true };
    const thread = codex.startThread(options);
    await call(
      'exec run',
      () => thread.run('first'),
      ({ finalResponse, items }) => [finalResponse, items.map(({ type }) => type)],
    );
    await call(
      'exec runStreamed',
      async () => all((await thread.runStreamed('second')).events),
      (events) => events.map(({ type }) => type),
    );
    const resumed = codex.resumeThread(thread.id ?? '', options);
    await call(
      'exec resumeThread',
      () => resumed.run('third'),
      ({ finalResponse }) => [finalResponse, resumed.id === thread.id],
    );
    await fails('exec run that fails', () => thread.run('fourth'));
    await fails('exec in a folder that is not trusted', () =>
      codex.startThread({ workingDirectory: model.workspace }).run('x'),
    );
    await fails('exec with a setting that the engine refuses', () =>
      codex.startThread({ ...options, sandboxMode: 'everything' as never }).run('x'),
    );
  },
};

/** Small calls of the SDK, of every kind. Each has a name of its own. */
export const scenes: readonly Scene[] = [
  turns,
  threads,
  approvals,
  goals,
  reviews,
  detachedReview,
  queue,
  engine,
  errors,
  exec,
];
