import { describe, expect, it } from 'vitest';
import type { Observation, ObservationBody } from '../observation/types.ts';
import { normalise } from './normalise.ts';

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

  it('show where the engine is far off by itself', () => {
    expect(shown({ completedAt: at - 86_400 }, { completedAt: at - 86_400 })).toMatchObject({
      said: { params: { turn: { completedAt: '<seconds far off>' } } },
    });
  });
});
