import { expect, test } from 'vitest';
import { Codex } from '../client/codex.ts';
import { type CodexConfig, configRules } from '../client/config.ts';
import { EngineClient } from '../client/engine-client.ts';
import { GoalHandle } from '../client/goal-handle.ts';
import { DeviceCodeLoginHandle } from '../client/login.ts';
import { Mcp, McpLoginHandle } from '../client/mcp.ts';
import { Thread } from '../client/thread.ts';
import { TurnHandle } from '../client/turn-handle.ts';
import { retryOnOverload, retryRules } from '../errors/retry-on-overload.ts';
import { withThread } from '../test-fixtures/connected-client.ts';
import { methods, oneOfEach } from '../test-fixtures/every-method.ts';

const wrong: readonly unknown[] = [
  0n,
  Symbol('x'),
  () => {},
  new AbortController(),
  [7],
  { text: 7 },
  'text',
  7,
  true,
  null,
];

const withoutArguments = [
  'constructor',
  '~twinproof',
  'close',
  'metadata',
  'rpc',
  'mcp',
  'files',
  'session',
  'droppedNotifications',
  'approvalsReviewer',
  'tools',
  'id',
  'state',
];

test('the table has every method of everything that a program holds', async () => {
  const made = await oneOfEach();
  const known = Object.keys(methods(made));
  const classes = {
    Codex,
    Thread,
    TurnHandle,
    GoalHandle,
    Mcp,
    McpLoginHandle,
    LoginHandle: Object.getPrototypeOf(DeviceCodeLoginHandle) as typeof Codex,
  };
  for (const [name, one] of Object.entries(classes)) {
    const own = Object.getOwnPropertyNames(one.prototype);
    const all = one === Codex ? [...own, ...Object.getOwnPropertyNames(EngineClient.prototype)] : own;
    for (const method of all) if (!withoutArguments.includes(method)) expect(known).toContain(`${name}.${method}`);
  }
  await made.codex.close();
});

/** What a call fails with, at once or by its promise. One that waits for the engine was not refused. */
async function failure(call: () => unknown): Promise<unknown> {
  const rounds = async () => {
    for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
    return 'no refusal';
  };
  try {
    const made = call();
    if (!(made instanceof Promise)) return 'no refusal';
    const settled = made.then(
      () => 'no refusal',
      (error: unknown) => error,
    );
    return await Promise.race([settled, rounds()]);
  } catch (error) {
    return error;
  }
}

/** In our form, or in the words that sandboxes, approval modes, times and inputs have of their own. */
function expectRefusal(error: unknown, where: string): void {
  expect(error instanceof TypeError || error instanceof RangeError, `${where}: ${error}`).toBe(true);
  expect((error as Error).message, where).toMatch(
    /^Reading [^:]+: expected .+, got .+\.$|must be|unsupported input item|ExternalMessage/,
  );
}

test('a wrong value of any argument or option is refused before anything is sent or locked, and the next right call works', async () => {
  const made = await oneOfEach();
  const { engine, codex, thread } = made;
  for (const [name, { call, good, rules = {} }] of Object.entries(methods(made))) {
    const options = Object.entries(rules).flatMap(([option, { accepts, nullable, expected }]) =>
      wrong
        .filter((value) => {
          if (nullable && value === null) return false;
          return expected === 'anything' ? value !== null : !accepts(value);
        })
        .map((value): [string, unknown[]] => [`${option}: ${String(value)}`, [...good, { [option]: value }]]),
    );
    const whole = ['text', 7, null, []].map((value): [string, unknown[]] => [`options ${value}`, [...good, value]]);
    // A request's parameters are the protocol's matter, and the engine's.
    const first =
      good.length === 0 || name.startsWith('rpc.')
        ? []
        : [7, null, Symbol('x')].map((value): [string, unknown[]] => [
            `first ${String(value)}`,
            [value, ...good.slice(1)],
          ]);
    for (const [what, args] of [...options, ...whole, ...first]) {
      const error = await failure(() => call(...(args as never[])));
      expectRefusal(error, `${name} ${what}`);
      // By the call that the program has made, not by one that it is made of.
      const said = /^Reading the option (?:\S+) of ([^:]+):/.exec((error as Error).message)?.[1];
      const own = name.startsWith('rpc.') ? 'the call' : name.split('.', 2).join('.');
      if (said !== undefined) expect(said, `${name} ${what}`).toBe(own);
    }
    expect(engine.peer.received, name).toEqual([]);
  }
  const starting = thread.turn('hi');
  expect(await engine.answer({ turn: { id: 't9' } })).toMatchObject({ method: 'turn/start' });
  await starting;
  const reviewing = thread.review({ type: 'uncommittedChanges' });
  expect(await engine.answer({ turn: { id: 't10' } })).toMatchObject({ method: 'review/start' });
  await reviewing;
  await codex.close();
});

test('a wrong value of any setting of a client is refused when it is made', () => {
  for (const [option, { accepts, nullable }] of Object.entries(configRules)) {
    for (const value of wrong) {
      if ((nullable && value === null) || accepts(value)) continue;
      expect(() => new Codex({ [option]: value } as CodexConfig), `${option}: ${String(value)}`).toThrow(TypeError);
    }
  }
  expect(() => new Codex('codex' as never)).toThrow(
    'Reading the options of new Codex: expected an object, got a string.',
  );
});

test('retryOnOverload refuses what it cannot use, before the operation', async () => {
  for (const [option, { accepts }] of Object.entries(retryRules)) {
    for (const value of wrong.filter((one) => !accepts(one)))
      expectRefusal(await failure(() => retryOnOverload(() => expect.unreachable(), { [option]: value })), option);
  }
});

test('the usual slip is told how to mend it, and no value is quoted: it may be a secret', async () => {
  const { codex, thread } = await withThread();
  await expect(thread.run('hi', { signal: new AbortController() as never })).rejects.toThrow(
    'Reading the option signal of Thread.run: expected an AbortSignal, got an object of the class AbortController. Pass its signal.',
  );
  await expect(codex.loginApiKey({ key: 'sk-secret' } as never)).rejects.toThrow(
    'Reading the argument apiKey: expected a string, got an object.',
  );
  await codex.close();
});

test('a signal of another maker will do', async () => {
  const { engine, codex } = await withThread();
  const { signal } = new AbortController();
  const own = {
    aborted: false,
    reason: undefined,
    addEventListener: signal.addEventListener.bind(signal),
    removeEventListener: signal.removeEventListener.bind(signal),
  };
  const answer = codex.models({ signal: own as never });
  await engine.answer({ data: [] });
  expect(await answer).toEqual({ data: [] });
  await codex.close();
});
