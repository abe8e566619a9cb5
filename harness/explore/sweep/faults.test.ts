import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import type { ScriptStep } from '../../../testing/play/script-types.ts';
import { families } from '../../clients/clients.ts';
import { faultNames, strike } from './faults.ts';
import type { GoldenScript, Position } from './script-of-golden.ts';

/** Steps that are no fault of an engine, whatever they have, and why. */
const noFault: Record<string, string> = {
  auto: 'answers what no step waits for; a golden has a step for everything',
  'model-request': 'of the golden: it lets the user continue',
  'any-order': 'one order is played; swapped and late change it',
  handshake: 'a golden has the steps of the handshake',
  login: 'another program than the server',
  schema: 'another program than the server',
  start: 'of the golden: a run of exec is a start',
};

/** What else of the script language is not swept, and why. */
const notSwept: Record<string, string> = {
  expect: 'what the client sends is never changed',
  'expect.as': 'names a message of the client',
  'expect.params': 'what the client sends is compared afterwards',
  'expect.optional': 'stands in every script of the sweep',
  'expect-reply': 'what the client answers is never changed',
  'expect-reply.result': 'what the client answers is compared afterwards',
  'expect-reply.error': 'what the client answers is compared afterwards',
  'expect-reply.optional': 'stands in every script of the sweep',
  'answer.eol=lf': 'how every message ends',
  'error.eol=lf': 'how every message ends',
  'send.eol=lf': 'how every message ends',
  'request.eol=lf': 'how every message ends',
  'raw.wrong': 'bytes of a fault are wrong unless a script says otherwise',
  'raw.chunks': 'the chunks of messages are swept',
  'raw.chunks=list': 'the chunks of messages are swept',
  'raw.wait': 'the parts of messages are swept',
};

const engine = (message: string, step: number): Position => ({
  step,
  from: 'engine',
  message,
  calls: 1,
  returned: true,
});

/** Every form of a message, and the end. */
const sample: GoldenScript = {
  steps: [
    { expect: 'turn/start', as: 'r1', optional: true },
    { answer: 'r1', result: { turn: { id: 'a' } }, template: false },
    { send: 'item/agentMessage/delta', params: { threadId: 't', turnId: 'a', delta: 'hi' }, template: false },
    { request: 'item/tool/call', as: 's1', id: 0, params: { threadId: 't' }, template: false },
    { expect: 'model/list', as: 'r2', optional: true },
    { error: 'r2', body: { code: 1, message: 'no' }, template: false },
  ],
  positions: [
    { step: 0, from: 'client', message: 'turn/start', calls: 1, returned: false },
    engine('answer turn/start', 1),
    engine('item/agentMessage/delta', 2),
    engine('item/tool/call', 3),
    { step: 4, from: 'client', message: 'model/list', calls: 2, returned: false },
    engine('answer model/list (an error)', 5),
    { step: 6, from: 'nobody', message: 'the end', calls: 2, returned: true },
  ],
};

/** What of the script language a list of steps uses: verbs, keys, values of closed lists. */
function usesOf(steps: readonly ScriptStep[], verbs: JsonObject): string[] {
  return steps.flatMap((step) => {
    const given = step as unknown as JsonObject;
    const [verb] = Object.keys(given).filter((key) => Object.hasOwn(verbs, key));
    const values = Object.entries(given).flatMap(([key, value]) => [
      key === verb ? `${verb}` : `${verb}.${key}`,
      `${key === verb ? verb : `${verb}.${key}`}=${typeof value === 'string' ? value : kindOf(value)}`,
    ]);
    return [...values, ...('steps' in step ? usesOf(step.steps, verbs) : [])];
  });
}

const kindOf = (value: JsonValue): string => (Array.isArray(value) ? 'list' : typeof value);

/** What the definition of the script language allows, in the words of `usesOf`. */
function allowed({ steps, groups }: JsonObject): string[] {
  const saying = (groups as Record<string, { keys: JsonObject }>).saying?.keys ?? {};
  return Object.entries(steps as Record<string, JsonObject>).flatMap(([verb, { value, keys = {}, with: groupsOf }]) => {
    const group = isObject(groupsOf) ? groupsOf.saying : undefined;
    const shared =
      group === 'all'
        ? saying
        : Object.fromEntries(
            (Array.isArray(group) ? group : []).map((key) => [String(key), saying[String(key)] ?? {}]),
          );
    const all = { ...(keys as JsonObject), ...shared };
    return [
      verb,
      ...valuesOf(value).map((one) => `${verb}=${one}`),
      ...Object.entries(all).flatMap(([key, form]) => [
        `${verb}.${key}`,
        ...valuesOf(form).map((one) => `${verb}.${key}=${one}`),
      ]),
    ];
  });
}

/** The values of a closed list, and the kinds of a value that may be of several. */
function valuesOf(form: JsonValue | undefined): string[] {
  if (!isObject(form)) return [];
  if (Array.isArray(form.enum)) return form.enum.map(String);
  if (!Array.isArray(form.type)) return [];
  return form.type.flatMap((type) => (type === 'integer' ? ['number'] : type === 'array' ? ['list'] : []));
}

test('every fault of the script language is swept, or it is said why not', async () => {
  const definition = parse(await readFile('fixtures/steps/script.yaml', 'utf8')) as JsonObject;
  const used = new Set(
    families.flatMap((family) =>
      faultNames.flatMap((fault) =>
        sample.positions.flatMap((_, index) => {
          const struck = strike(sample, index, fault, family);
          const made = struck?.put.filter((step) => !sample.steps.includes(step)) ?? [];
          return usesOf(made, definition.steps as JsonObject);
        }),
      ),
    ),
  );
  const verbOf = (one: string) => one.replace(/[.=].*$/, '');
  const all = allowed(definition).filter((one) => !Object.hasOwn(noFault, verbOf(one)));
  expect(all.filter((one) => !used.has(one) && !Object.hasOwn(notSwept, one))).toEqual([]);
  // A reason is only for what the language has, and no fault uses.
  expect(Object.keys(notSwept).filter((one) => !all.includes(one) || used.has(one))).toEqual([]);
  expect(Object.keys(noFault).filter((verb) => !allowed(definition).includes(verb) || used.has(verb))).toEqual([]);
});

test('a step that the language gains has no case yet, and fails', () => {
  const grown = { steps: { stutter: { value: { enum: ['twice'] }, keys: { softly: {} } } }, groups: {} };
  expect(allowed(grown)).toEqual(['stutter', 'stutter=twice', 'stutter.softly']);
});

test('what ends an engine is the last that it does', () => {
  expect(strike(sample, 2, 'killed', 'app-server')?.script).toEqual([...sample.steps.slice(0, 2), { exit: 'SIGKILL' }]);
  const cut = strike(sample, 2, 'cut-and-exit', 'app-server')?.script.slice(2);
  expect(cut).toEqual([{ raw: expect.stringMatching(/^\{"method":"item.*[^}]$/) }, { exit: 0 }]);
});

test('a run of exec that ends leaves the next one as it is', () => {
  const two: GoldenScript = {
    steps: [
      { expect: 'exec', optional: true },
      { send: 'turn.started' },
      { exit: 0 },
      { start: 2 },
      { send: 'turn.started' },
    ],
    positions: [engine('turn.started', 1), { ...engine('the end', 2), from: 'nobody' }, engine('turn.started', 4)],
  };
  expect(strike(two, 0, 'exit-code', 'exec')?.script).toEqual([
    { expect: 'exec', optional: true },
    { exit: 101 },
    { start: 2 },
    { send: 'turn.started' },
  ]);
});

test('what comes between messages comes once the client is heard, and once only', () => {
  const noise = { raw: 'this is not JSON\n' };
  expect(strike(sample, 1, 'garbage-line', 'app-server')?.put).toEqual([noise, sample.steps[1]]);
  // The answer comes next: there it is the same.
  expect(strike(sample, 0, 'garbage-line', 'app-server')).toBeUndefined();
  const held: GoldenScript = {
    steps: [sample.steps[0] as ScriptStep, { hold: 'a' }],
    positions: [sample.positions[0] as Position],
  };
  expect(strike(held, 0, 'garbage-line', 'app-server')?.script).toEqual([held.steps[0], noise, held.steps[1]]);
  expect(strike(sample, 0, 'none', 'app-server')?.script).toEqual(sample.steps);
});

test('a fault of a message leaves out what is not a message of the engine', () => {
  expect(strike(sample, 0, 'twice', 'app-server')).toBeUndefined();
  expect(strike(sample, 6, 'lost', 'app-server')).toBeUndefined();
  expect(strike(sample, 3, 'swapped', 'app-server')).toBeUndefined();
  expect(strike(sample, 1, 'swapped', 'app-server')?.script.slice(1, 3)).toMatchObject([
    { send: 'item/agentMessage/delta' },
    { answer: 'r1' },
  ]);
});

test.each(['without-content', 'null-content', 'empty-content', 'mistyped'] as const)(
  'no template fills in what a message lacks on purpose (%s)',
  (name) => {
    const filled: GoldenScript = {
      steps: [{ answer: 'r1', result: { text: 'a' } }],
      positions: [engine('answer initialize', 0)],
    };
    expect(strike(filled, 0, name, 'app-server')?.script).toMatchObject([{ template: false }]);
  },
);

test('a message of another names no id that the run has', () => {
  const [, , put] = strike(sample, 2, 'of-another', 'app-server')?.script ?? [];
  expect(put).toMatchObject({ params: { threadId: expect.not.stringMatching(/^t$/), delta: 'hi' }, wrong: true });
});

test.each(faultNames)(
  'the engine has heard the first message whatever strikes there (%s), or a script would play the opening by itself',
  (name) => {
    const opening: GoldenScript = {
      steps: [
        { expect: 'initialize', as: 'r0', optional: true },
        { answer: 'r0', result: {}, template: false },
      ],
      positions: [
        { step: 0, from: 'client', message: 'initialize', calls: 0, returned: false },
        engine('answer initialize', 1),
      ],
    };
    const { script = [{ expect: 'initialize' }] } = strike(opening, 0, name, 'app-server') ?? {};
    expect(script.filter((step) => 'expect' in step).map(({ expect: heard }) => heard)).toEqual(['initialize']);
  },
);
