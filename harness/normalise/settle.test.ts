import { describe, expect, it, test } from 'vitest';
import { isObject, type JsonObject } from '../../testing/json/json.ts';
import type { ClientId } from '../clients/clients.ts';
import type { Observation, ObservationBody } from '../observation/types.ts';
import { normalise } from './normalise.ts';
import { settleExits, settleTurnFailures } from './settle.ts';

const at = 1_795_392_862;

/** A turn as the engine says that it ended, and as a client shows it. */
function shown(said: object, result: object): unknown {
  const paths = {
    root: '/c',
    workspace: '/c/ws',
    home: '/c/home',
    codexHome: '/c/codex-home',
    tmp: '/c/tmp',
    launcher: '/c/codex',
  };
  const params = { turn: { startedAt: at, completedAt: at + 2, durationMs: 2100, ...said } };
  const bodies: ObservationBody[] = [
    { ch: 'wire.in', msg: { method: 'turn/started', emittedAtMs: at * 1000, params: { turn: { startedAt: at } } } },
    { ch: 'wire.in', msg: { method: 'turn/completed', emittedAtMs: at * 1000 + 2100, params } },
    {
      ch: 'result',
      lane: 'r',
      op: 't.run',
      value: { startedAt: at, completedAt: at + 2, durationMs: 2100, ...result },
    },
  ];
  const observation: Observation = {
    header: {
      kind: 'observation',
      schemaVersion: 1,
      scenario: 's/s',
      client: 'ts',
      clientVersion: '1',
      engine: 'real',
      engineVersion: '1',
      engineSha256: '',
      platform: '',
      paths,
    },
    lines: bodies.map((body, t) => ({ t, ...body })),
  };
  const lines = normalise(observation).lines;
  return { said: lines[1]?.body.msg, result: lines[2]?.body.value };
}

const plain = { startedAt: '<seconds>', completedAt: '<seconds>', durationMs: '<duration>' };

describe('volatile values', () => {
  it('are plain placeholders where the client shows what the engine said', () => {
    expect(shown({}, {})).toMatchObject({ said: { params: { turn: plain } }, result: plain });
  });

  it.each([
    ['the start as the end', { completedAt: at }, { ...plain, completedAt: '<seconds not said>' }],
    ['a duration of its own', { durationMs: 2101 }, { ...plain, durationMs: '<duration not said>' }],
    ['another time zone', { startedAt: at + 3600 }, { ...plain, startedAt: '<seconds far off>' }],
    ['milliseconds for seconds', { startedAt: at * 1000 }, { ...plain, startedAt: '<millis not said>' }],
    ['microseconds for milliseconds', { durationMs: 2_100_000 }, { ...plain, durationMs: 2_100_000 }],
  ])('show where the client gives %s', (_name, wrong, result) => {
    expect(shown({}, wrong)).toMatchObject({ result });
  });

  it.each([
    [600, '<seconds>'],
    [601, '<seconds far off>'],
    [-600, '<seconds>'],
    [-601, '<seconds far off>'],
  ])('are near up to ten minutes, to the second: %i', (seconds, placeholder) => {
    const completedAt = at + seconds;
    expect(shown({ completedAt }, { completedAt })).toMatchObject({
      said: { params: { turn: { completedAt: placeholder } } },
    });
  });

  it('show where the engine is far off by itself', () => {
    expect(shown({ completedAt: at - 86_400 }, { completedAt: at - 86_400 })).toMatchObject({
      said: { params: { turn: { completedAt: '<seconds far off>' } } },
    });
  });
});

const read = (body: ObservationBody) => {
  const { ch: _ch, ...value } = body as unknown as JsonObject;
  return { body, value, volatile: [] };
};

/** The class of an error of `op` in a run whose turn failed with "no more". */
function classOf(client: ClientId, name: string, message: string, op = 't.run'): unknown {
  const failed = read({ ch: 'wire.in', msg: { type: 'turn.failed', error: { message: 'no more' } }, run: 1 });
  const thrown = read({ ch: 'error', lane: 'main', op, error: { class: name, message } });
  const error = settleTurnFailures([failed, thrown], client)[1]?.value.error;
  return isObject(error) ? error.class : undefined;
}

test('the plain Error of a failed turn, told by what the engine said of it, is what the others call it', () => {
  expect(classOf('ts-official', 'Error', 'no more')).toBe('ThreadRunError');
});

test('any other plain Error is one, and so is that of a client which has the class', () => {
  expect(classOf('ts-official', 'Error', 'no mores')).toBe('Error');
  expect(classOf('ts-official', 'TypeError', 'no more')).toBe('TypeError');
  expect(classOf('ts-official', 'Error', 'no more', 't.run_streamed')).toBe('Error');
  expect(classOf('ts-exec', 'Error', 'no more')).toBe('Error');
  expect(classOf('python-exec', 'CodexExecError', 'no more')).toBe('CodexExecError');
});

const failed = (run: number) => read({ ch: 'wire.in', msg: { type: 'turn.failed' }, run });
const exit = (run: number, code: number | null, signal: string | null) => read({ ch: 'exit', code, signal, run });
const settled = (...lines: ReturnType<typeof read>[]) =>
  settleExits(lines).flatMap(({ body, value }) => (body.ch === 'exit' ? [value] : []));

test('after a failed turn leaving with 1 and being killed are one; whatever else is not', () => {
  const same = { code: '<failed>', signal: null };
  expect(settled(failed(1), exit(1, 1, null))).toEqual([{ ...same, run: 1 }]);
  expect(settled(failed(1), exit(1, null, 'SIGTERM'))).toEqual([{ ...same, run: 1 }]);
  expect(settled(failed(1), exit(1, 0, null))).toEqual([{ code: 0, signal: null, run: 1 }]);
  expect(settled(failed(1), exit(1, null, 'SIGSEGV'))).toEqual([{ code: null, signal: 'SIGSEGV', run: 1 }]);
});

test('the exit of another run stands as it was', () => {
  expect(settled(failed(1), exit(2, 1, null))).toEqual([{ code: 1, signal: null, run: 2 }]);
});
