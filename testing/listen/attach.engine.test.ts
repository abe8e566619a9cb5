import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { ApprovalMode, type Codex, type CodexConfig, type ReconnectReport } from '../../sdk/index.ts';
import { processAlive } from '../engine/process-alive.ts';
import { type ListenOptions, listen, type ModelAnswer, scriptedModel } from '../index.ts';

const engines = await Promise.all(
  ['0.163.0', '0.171.0'].map(async (version) => [version, (await resolveEngine({ version })).path] as const),
);
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(codexBin: string, answers: ModelAnswer[], options: ListenOptions = {}) {
  const model = await scriptedModel(answers, { codexBin });
  cleanUp.push(model.close);
  const engine = await listen(model.config, options);
  cleanUp.push(engine.close);
  return { model, engine };
}

/** What a client is told from here on. */
function heard(codex: Codex): string[] {
  const methods: string[] = [];
  void (async () => {
    try {
      for await (const { method } of codex.events()) methods.push(method);
    } catch {
      // The connection is closed in the end.
    }
  })();
  return methods;
}

/** Sockets that a test can cut; the engine goes on. */
class Cutter extends Agent {
  readonly made: Socket[] = [];

  override createConnection(...args: Parameters<Agent['createConnection']>): ReturnType<Agent['createConnection']> {
    const socket = super.createConnection(...args);
    this.made.push(socket as Socket);
    return socket;
  }

  cut(): void {
    for (const socket of this.made) socket.destroy();
  }
}

const asking: ModelAnswer = {
  call: {
    name: 'exec_command',
    arguments: { cmd: 'true', sandbox_permissions: 'require_escalated', justification: 'x' },
  },
};

for (const [version, codexBin] of engines)
  test.each(['unix', 'ws'] as const)(
    `${version} over %s: clients share an engine, and it outlives them`,
    async (over) => {
      const { model, engine } = await start(codexBin, [{ stream: ['a', 'b'], hold: 'on' }, { message: 'two' }], {
        over,
      });
      const [first, second, third] = [engine.codex(), engine.codex(), engine.codex()];
      await Promise.all([first.connect(), second.connect(), third.connect()]);
      const [ofSecond, ofThird] = [heard(second), heard(third)];
      const thread = await first.threadStart();
      const turn = await thread.turn('hi');
      await model.requested(1);
      const joined = await second.threadResume(thread.id);
      const followed = await joined.attach(turn.id);
      // Its turn is not the client's: closing ends the connection alone.
      await first.close();
      model.release('on');
      expect(await followed.result()).toMatchObject({ status: 'completed', finalResponse: 'ab' });
      // Whoever has not resumed the thread hears of it, and not of what happens on it.
      await third.models();
      expect(ofSecond).toContain('item/completed');
      expect(ofThird).toContain('thread/started');
      expect(ofThird).not.toContain('turn/started');
      expect((await joined.run('go on')).finalResponse).toBe('two');
      await Promise.all([second.close(), third.close()]);
      expect(processAlive(Number(engine.pid))).toBe(true);
    },
  );

for (const [version, codexBin] of engines)
  test(`${version}: everybody who has the thread open is asked, a watcher answers for nobody, and who comes later is asked again`, async () => {
    const { engine } = await start(codexBin, [
      { message: 'ready' },
      asking,
      { message: 'one' },
      asking,
      { message: 'two' },
    ]);
    const asked: string[] = [];
    const client = (name: string, config: CodexConfig = {}) => {
      const approvals = async () => {
        asked.push(name);
        await reached;
        return 'accept' as const;
      };
      return engine.codex({ approvals, ...config });
    };
    let open: () => void = () => {};
    let reached = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = client('first');
    const watcher = engine.codex({ leaveToOthers: true });
    const thread = await first.threadStart();
    // The engine has nothing to resume of a thread before its first turn.
    await expect(watcher.threadResume(thread.id)).rejects.toThrow('no rollout found');
    await thread.run('hi');
    await watcher.threadResume(thread.id);
    const watched = watcher.events();
    const turn = await thread.turn('one');
    for await (const { method } of watched) if (method === 'item/commandExecution/requestApproval') break;
    open();
    expect(await turn.result()).toMatchObject({ finalResponse: 'one', denials: [] });
    expect(asked).toEqual(['first']);
    // The one that is asked goes away before it answers.
    reached = new Promise(() => {});
    const events = first.events();
    const second = await thread.turn('two');
    for await (const { method } of events) if (method === 'item/commandExecution/requestApproval') break;
    await first.close();
    reached = Promise.resolve();
    const later = client('later');
    const all = later.events();
    await later.threadResume(thread.id);
    for await (const event of all)
      if (event.method === 'turn/completed' && 'payload' in event) {
        expect(event.payload).toMatchObject({ turn: { id: second.id, status: 'completed' } });
        break;
      }
    expect(asked).toEqual(['first', 'first', 'later']);
  });

for (const [version, codexBin] of engines)
  test(`${version}: the longest message is taken, one byte more is a failed call, and the connection goes on`, async () => {
    const { engine } = await start(codexBin, []);
    const codex = engine.codex();
    const most = 64 * 1024 * 1024;
    // The id of a request has the length of a UUID.
    const rest = JSON.stringify({ id: 'x'.repeat(36), method: 'model/list', params: { cursor: '' } }).length;
    const call = (size: number) => codex.request('model/list', { cursor: 'x'.repeat(size - rest) });
    await expect(call(most)).rejects.toMatchObject({ name: 'InvalidRequestError' });
    await expect(call(most + 1)).rejects.toThrow(`at most ${most} bytes, got one of ${most + 1}`);
    expect((await codex.models()).data.length).toBeGreaterThan(0);
  });

for (const [version, codexBin] of engines)
  test(`${version}: a missing and a wrong token are refused, the right one is not told`, async () => {
    const token = 'tok-5f1e0c9a7b';
    const { engine } = await start(codexBin, [], { over: 'ws', token });
    await engine.codex().connect();
    for (const [wrong, words] of [
      [() => '', 'nothing'],
      ['other', 'invalid websocket bearer token'],
    ] as const) {
      const client = engine.codex({ transport: engine.transport({ token: wrong }) });
      await expect(client.connect()).rejects.toMatchObject({ message: expect.stringContaining(words) });
    }
    const { Codex, webSocket } = await import('../../sdk/index.ts');
    const refused = await new Codex({ transport: webSocket(engine.address) }).connect().catch((error) => error);
    expect(refused).toMatchObject({ name: 'UnauthorizedError', status: 401, retryable: false });
    const good = engine.codex();
    await good.connect();
    expect(inspect([refused, good, engine], { depth: 9, showHidden: true })).not.toContain(token);
  });

for (const [version, codexBin] of engines)
  test(`${version}: a lost connection is made again: the turn went on, and is followed from there`, async () => {
    const { model, engine } = await start(codexBin, [{ stream: ['a', 'b'], hold: 'on' }, { message: 'next' }]);
    const agent = new Cutter();
    let told: (report: ReconnectReport) => void = () => {};
    const reported = new Promise<ReconnectReport>((resolve) => {
      told = resolve;
    });
    const reconnect = { backoffMs: 1, onReconnect: (report: ReconnectReport) => told(report) };
    const codex = engine.codex({ transport: engine.transport({ agent }), reconnect });
    const thread = await codex.threadStart();
    const turn = await thread.turn('hi');
    await model.requested(1);
    const lost = expect(turn.result()).rejects.toMatchObject({ name: 'ConnectionLostError', effect: 'none' });
    agent.cut();
    await lost;
    expect((await reported).threads).toEqual([{ threadId: thread.id, turnId: turn.id, error: undefined }]);
    const again = await thread.attach(turn.id);
    model.release('on');
    expect(await again.result()).toMatchObject({ status: 'completed', finalResponse: 'ab' });
    expect((await thread.run('on')).finalResponse).toBe('next');
  });

for (const [version, codexBin] of engines)
  test(`${version}: an engine that is started anew has its threads from disk`, async () => {
    const { engine } = await start(codexBin, [{ message: 'one' }, { message: 'two' }]);
    const reconnect = { backoffMs: 50, attempts: 20 };
    const codex = engine.codex({ reconnect });
    const thread = await codex.threadStart({ approvalMode: ApprovalMode.denyAll });
    await thread.run('hi');
    const noticed = expect(codex.events().next()).rejects.toMatchObject({ name: 'ConnectionLostError' });
    await engine.stop('SIGKILL');
    await noticed;
    const waiting = thread.run('on');
    await engine.start();
    expect((await waiting).finalResponse).toBe('two');
  });

for (const [version, codexBin] of engines)
  test(`${version}: a thread without a turn cannot be resumed: its next turn is an error, not a turn without events`, async () => {
    const { engine } = await start(codexBin, [{ message: 'one' }]);
    const agent = new Cutter();
    const codex = engine.codex({ transport: engine.transport({ agent }), reconnect: { backoffMs: 1 } });
    const thread = await codex.threadStart();
    const noticed = expect(codex.events().next()).rejects.toMatchObject({ name: 'ConnectionLostError' });
    agent.cut();
    await noticed;
    await expect(thread.run('hi')).rejects.toMatchObject({
      name: 'ConnectionLostError',
      effect: 'none',
      action: 'turn/start',
      message: expect.stringContaining('no rollout found'),
    });
    expect((await (await codex.threadStart()).run('hi')).finalResponse).toBe('one');
  });
