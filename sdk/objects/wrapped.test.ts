import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Notification, ServerRequest } from '../index.ts';
import { protocolVersion } from '../protocol/index.ts';
import { completed, item, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import { type Made, type Method, methods, oneOfEach } from '../test-fixtures/every-method.ts';
import { type Wrap, wrappers } from '../test-fixtures/wrappers.ts';

const held = ({ codex, thread, handle, login, mcpLogin, goal }: Made) => ({
  codex,
  thread,
  handle,
  login,
  mcpLogin,
  goal,
});

const wrapped = (made: Made, wrap: Wrap): Made => ({
  ...made,
  ...(Object.fromEntries(Object.entries(held(made)).map(([name, one]) => [name, wrap(one)])) as ReturnType<
    typeof held
  >),
});

/** What a call sends to the engine, and what it fails with. It gets no answer. */
async function effect({ engine }: Made, { call, good, options = {} }: Method) {
  let failure: unknown;
  const fail = (error: unknown) => {
    failure = String(error);
  };
  try {
    const made = call(...([...good, options] as never[]));
    const isStream = Symbol.asyncIterator in Object(made);
    Promise.resolve(isStream ? (made as AsyncIterable<unknown>)[Symbol.asyncIterator]().next() : made).catch(fail);
  } catch (error) {
    fail(error);
  }
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
  const sent = engine.peer.received.splice(0).map((line) => ({ ...JSON.parse(line), id: 'any' }));
  return { failure, sent };
}

test.each(Object.entries(wrappers))('every method does the same through %s', async (_, wrap) => {
  const model = await oneOfEach();
  const names = Object.keys(methods(model));
  await model.codex.close();
  for (const name of names) {
    const [own, other] = [await oneOfEach(), await oneOfEach()];
    const expected = await effect(own, methods(own)[name] as Method);
    expect(expected.failure ?? '', name).not.toContain('TypeError');
    expect(await effect(other, methods(wrapped(other, wrap))[name] as Method), name).toEqual(expected);
    await Promise.all([own.codex.close(), other.codex.close()]);
  }
});

/** Members that take nothing, and the fields; each class has all of its own here or in `methods`. */
const plain: Record<string, (made: Made) => unknown> = {
  'Codex.metadata': ({ codex }) => codex.metadata,
  'Codex.droppedNotifications': ({ codex }) => codex.droppedNotifications,
  'Codex.rpc': ({ codex }) => Object.keys(codex.rpc),
  'Codex.files': ({ codex }) => inspect(codex.files),
  'Codex.mcp': ({ codex }) => inspect(codex.mcp),
  'Codex.close': ({ codex }) => codex.close(),
  [`Codex.${String(Symbol.asyncDispose)}`]: ({ codex }) => codex[Symbol.asyncDispose](),
  'Codex.Symbol(nodejs.util.inspect.custom)': ({ codex }) => inspect(codex),
  'Thread.id': ({ thread }) => thread.id,
  'Thread.approvalsReviewer': ({ thread }) => thread.approvalsReviewer,
  'Thread.tools': ({ thread }) => thread.tools,
  'TurnHandle.id': ({ handle }) => handle.id,
  'TurnHandle.state': ({ handle }) => handle.state,
  'TurnHandle.threadId': ({ handle }) => handle.threadId,
  'GoalHandle.id': ({ goal }) => goal.id,
  'GoalHandle.threadId': ({ goal }) => goal.threadId,
  'LoginHandle.loginId': ({ login }) => login.loginId,
  'LoginHandle.verificationUrl': ({ login }) => login.verificationUrl,
  'LoginHandle.userCode': ({ login }) => login.userCode,
  'McpLoginHandle.server': ({ mcpLogin }) => mcpLogin.server,
  'McpLoginHandle.authorizationUrl': ({ mcpLogin }) => mcpLogin.authorizationUrl,
};

test.each(Object.entries(wrappers))('every other member reads the same through %s', async (_, wrap) => {
  for (const [name, read] of Object.entries(plain)) {
    const [own, other] = [await oneOfEach(), await oneOfEach()];
    expect(await read(wrapped(other, wrap)), name).toEqual(await read(own));
    await Promise.all([own.codex.close(), other.codex.close()]);
  }
});

test('the tables have every member of everything that a program holds', async () => {
  const made = await oneOfEach();
  const known = [...Object.keys(methods(made)), ...Object.keys(plain)];
  const names = {
    codex: 'Codex',
    thread: 'Thread',
    handle: 'TurnHandle',
    goal: 'GoalHandle',
    login: 'LoginHandle',
    mcpLogin: 'McpLoginHandle',
  };
  for (const [key, one] of Object.entries(held(made))) {
    const members = new Set<string>(Object.keys(one));
    for (let at: object = Object.getPrototypeOf(one); at !== Object.prototype; at = Object.getPrototypeOf(at))
      for (const member of Reflect.ownKeys(at)) members.add(String(member));
    for (const inner of ['constructor', '~twinproof']) members.delete(inner);
    const missing = [...members].filter((member) => !known.includes(`${names[key as keyof typeof names]}.${member}`));
    expect(missing, key).toEqual([]);
  }
  await made.codex.close();
});

const planted = 'sk-planted-in-every-setting';
const secretConfig = {
  env: { OPENAI_API_KEY: planted },
  configOverrides: [`model_providers.x.key="${planted}"`],
  clientTitle: planted,
  cwd: `/${planted}`,
};
const views: Record<string, (value: unknown) => string> = {
  'util.inspect': (value) => inspect(value),
  'util.inspect with everything': (value) => inspect(value, { depth: 20, showHidden: true, getters: true }),
  'JSON.stringify': (value) => JSON.stringify(value),
  structuredClone: (value) => inspect(structuredClone(value), { depth: 20, showHidden: true }),
};

test('objects show who they are, and no setting of the client', async () => {
  const made = await oneOfEach(secretConfig);
  expect(Object.values(held(made)).map((one) => inspect(one).replace(/\s+/g, ' '))).toEqual([
    `Codex { connected: true, engine: { name: 'engine', version: '${protocolVersion}' } }`,
    "Thread { id: 'th' }",
    "TurnHandle { threadId: 'th', id: 't' }",
    "DeviceCodeLoginHandle { loginId: 'l', verificationUrl: 'u', userCode: 'c' }",
    "McpLoginHandle { server: 'docs', authorizationUrl: 'u' }",
    "GoalHandle { threadId: 'other', id: 'g' }",
  ]);
  for (const wrap of [(o: object) => o, ...Object.values(wrappers)])
    for (const [name, one] of Object.entries(held(made)))
      for (const [view, show] of Object.entries(views)) {
        // A Proxy is never cloned, whatever is behind it.
        if (view === 'structuredClone' && wrap(one) !== one) continue;
        expect(show(wrap(one)), `${name}, ${view}`).not.toContain('planted');
      }
  await made.codex.close();
  expect(inspect(made.codex)).toBe('Codex { connected: false }');
});

test('what a client hands out is plain data: it can be cloned, sent to a worker and stored', async () => {
  const asked: ServerRequest[] = [];
  const { engine, codex, thread } = await withThread({
    onServerRequest: (request) => {
      asked.push(request);
      return undefined;
    },
  });
  const results: Record<string, unknown> = { metadata: codex.metadata };
  engine.notify('account/updated', { authMode: 'chatgpt', planType: null });
  results.notification = await codex.nextNotification();
  const { handle } = await startTurn(engine, thread);
  const again = await thread.attach('t');
  engine.send({ id: 7, method: 'item/tool/requestUserInput', params: { threadId: 'th', turnId: 't', questions: [] } });
  await until(() => asked.length > 0);
  results['server request'] = asked[0];
  for (const message of [item('hello'), completed()]) engine.send(message);
  results.run = await handle.run();
  results.result = await handle.result();
  const events: Notification[] = [];
  for await (const event of again.stream()) events.push(event);
  results.events = events;
  engine.peer.received.splice(0);
  const reading = thread.read();
  await engine.answer({ thread: { id: 'th', turns: [] } });
  results.read = await reading;
  for (const [name, result] of Object.entries(results)) {
    expect(result, name).toBeTypeOf('object');
    expect(structuredClone(result), name).toStrictEqual(result);
    expect(JSON.parse(JSON.stringify(result)), name).toStrictEqual(result);
  }
  await codex.close();
});
