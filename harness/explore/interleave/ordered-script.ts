import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import type { ScriptStep } from '../../../testing/play/script-types.ts';
import type { NormalisedLine } from '../../normalise/types.ts';
import type { LoadedScenario } from '../../scenario/types.ts';
import type { ExploredScenario } from '../types.ts';
import type { Causality } from './causality.ts';
import type { Schedule } from './schedules.ts';

/** The scenario with an engine that says what the golden's engine said, in this order. */
export function orderedScenario(
  scenario: LoadedScenario,
  lines: readonly NormalisedLine[],
  { moves }: Causality,
  schedule: Schedule,
  id: string,
): ExploredScenario {
  const { answers, client, connect, workspace, needs, clients, deadlineMs } = scenario;
  const given = { answers, client, connect, workspace, needs, clients, deadlineMs };
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as typeof given),
    id,
    title: `${scenario.title}, in another order`,
    family: scenario.family,
    covers: [],
    script: stepsOf(schedule.map((move) => lines[moves[move] as number] as NormalisedLine)),
    steps: scenario.steps,
  } as ExploredScenario;
}

/** What a script cannot say, because its golden's engine did it: undefined if it can say all of it. */
export function unsayable(lines: readonly NormalisedLine[]): string | undefined {
  if (lines.filter(({ ch }) => ch === 'argv').length !== 1) return 'it starts the engine more or less than once';
  if (lines.some(({ ch, body }) => (ch === 'wire.in' || ch === 'wire.out') && !isObject(body.msg)))
    return 'it has lines that are no messages';
  if (lines.some(({ ch, body }) => ch === 'exit' && body.code !== '<closed>')) return 'its engine exits by itself';
  if (lines.some(({ ch, key }) => ch === 'hang' || key.startsWith('killed '))) return 'it hangs, or kills the engine';
  if (lines.some(({ ch, key, body }) => ch === 'wire.in' && key === 'answer ?' && isObject(body.msg)))
    return 'its engine answers what nobody has asked';
  return undefined;
}

function stepsOf(lines: readonly NormalisedLine[]): ScriptStep[] {
  let models = 0;
  return lines.map((line): ScriptStep => {
    const step = stepOf(line, () => ++models);
    return step as unknown as ScriptStep;
  });
}

function stepOf({ ch, key, body }: NormalisedLine, nextModel: () => number): JsonObject {
  if (ch === 'mark') return { hold: key.slice('released '.length) };
  if (ch === 'model.request') return { 'model-request': nextModel() };
  const { id, method, params, result, error } = (isObject(body.msg) ? body.msg : {}) as JsonObject;
  const name = nameOf(id);
  if (ch === 'wire.out') {
    if (method === undefined) return { 'expect-reply': name };
    return { expect: method, ...(id !== undefined && { as: name }), ...idsOf(params) };
  }
  if (method === undefined) {
    if (error !== undefined) return { error: name, body: filled(error) };
    // What normalising drops is filled in again.
    return { answer: name, result: filled(result ?? {}) };
  }
  const said = { ...(params !== undefined && { params: filled(params) }) };
  return id === undefined ? { send: method, ...said } : { request: method, as: name, id: idOf(id), ...said };
}

/** `<request:3>` is `r3`, `<server-request:1>` is `s1`. */
const nameOf = (id: JsonValue | undefined): string => {
  const [, kind, number] = /^<(numeric-request|request|server-request):(.+)>$/.exec(String(id)) ?? [];
  return `${kind === 'server-request' ? 's' : 'r'}${number ?? String(id)}`;
};

/** Ids of the engine's requests count from 0, in the order that was recorded. */
const idOf = (id: JsonValue): JsonValue => {
  const number = /^<server-request:(\d+)>$/.exec(String(id))?.[1];
  return number === undefined ? id : Number(number) - 1;
};

const identifying = ['threadId', 'turnId', 'expectedTurnId'];

/** What tells a message from others of its method. */
function idsOf(params: JsonValue | undefined): { params?: JsonObject } {
  if (!isObject(params)) return {};
  const ids = Object.entries(params).filter(([name, value]) => identifying.includes(name) && typeof value === 'string');
  return ids.length === 0 ? {} : { params: Object.fromEntries(ids.map(([name, value]) => [name, filled(value)])) };
}

const numbers: Readonly<Record<string, number>> = {
  '<seconds>': 1_700_000_000,
  '<millis>': 1_700_000_000_000,
  '<duration>': 7,
  '<gauge>': 4096,
};

/** Placeholders as values of their kind. */
function filled(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(filled);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), filled(inner)]));
  if (typeof value !== 'string') return value;
  if (Object.hasOwn(numbers, value)) return numbers[value] as number;
  return /^<server-request:\d+>$/.test(value) ? idOf(value) : text(value);
}

const text = (said: string): string =>
  said
    .replaceAll(/<(thread|turn|item):([^<>]+)>/g, '$1-$2')
    .replaceAll(/<id:([^<>]+)>/g, (_, of: string) => `id-${of.replaceAll(/[^A-Za-z0-9]+/g, '-')}`)
    .replaceAll(/<\\(?=\\*[a-z])/gi, '<')
    // It begins a reference in a script.
    .replaceAll('${', () => '$${');
