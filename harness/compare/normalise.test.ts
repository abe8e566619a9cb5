import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../testing/json/json.ts';
import { readJson } from '../../testing/json/read-json.ts';
import { normalise } from '../normalise/normalise.ts';
import type { Observation, ObservationBody } from '../observation/types.ts';
import { compare } from './compare.ts';

const uuid = (n: number) => `01a205c0-f8f7-7191-85eb-${String(n).padStart(12, '0')}`;

/** A small run: two ids per kind are given by the caller, so that two runs differ in all of them. */
function run(base: number, edit: (lines: ObservationBody[]) => ObservationBody[] = (lines) => lines): Observation {
  const [thread, turn, request, start, user, extra] = [0, 1, 2, 3, 4, 5].map((n) => uuid(base + n)) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const root = `/cells/${base}`;
  const lines: ObservationBody[] = [
    { ch: 'wire.out', msg: { id: request, method: 'thread/start', params: {} } },
    {
      ch: 'wire.in',
      msg: { id: request, result: { thread: { id: thread, cwd: `${root}/ws`, createdAt: 1795392862 + base } } },
    },
    { ch: 'wire.out', msg: { id: start, method: 'turn/start', params: { threadId: thread, input: [] } } },
    { ch: 'wire.in', msg: { id: start, result: { turn: { id: turn } } } },
    { ch: 'wire.in', msg: { method: 'thread/readState/changed', params: { threadId: thread, revision: extra } } },
    {
      ch: 'wire.in',
      msg: {
        method: 'item/started',
        params: { threadId: thread, turnId: turn, item: { id: user, type: 'userMessage' } },
      },
    },
    {
      ch: 'event',
      lane: 'h',
      method: 'item/started',
      payload: { threadId: thread, turnId: turn, item: { id: user, type: 'userMessage' } },
      known: true,
    },
    { ch: 'exit', code: base % 2 === 0 ? 0 : null, signal: base % 2 === 0 ? null : 'SIGTERM' },
  ];
  return {
    header: {
      kind: 'observation',
      schemaVersion: 1,
      scenario: 's/s',
      client: 'python',
      clientVersion: '1',
      engine: 'real',
      engineVersion: '0.163.0',
      engineSha256: '',
      platform: 'linux-x64',
      paths: {
        root,
        workspace: `${root}/ws`,
        home: `${root}/home`,
        codexHome: `${root}/codex`,
        tmp: `${root}/tmp`,
        launcher: `${root}/codex-bin`,
      },
    },
    lines: edit(lines).map((line, t) => ({ t, ...line })),
  };
}

const between = (a: Observation, b: Observation) =>
  compare(normalise(a), normalise(b)).map(({ path, kind }) => `${kind} ${path}`);

describe('normalise', () => {
  it('makes two runs equal that differ in ids, folders, times and the way a closed engine ended', () => {
    expect(between(run(100), run(901))).toEqual([]);
  });

  it('gives ids placeholders that say kind and owner', () => {
    const text = JSON.stringify(normalise(run(100)).lines);
    expect(text).toContain('<thread:1>');
    expect(text).toContain('<turn:1.1>');
    expect(text).toContain('<item:1.1.1>');
    expect(text).not.toContain(uuid(100).slice(0, 23));
  });

  it('keeps a wrong id visible', () => {
    const wrong = run(100, (lines) =>
      lines.map((line) => (line.ch === 'event' ? { ...line, payload: { ...line.payload, turnId: uuid(100) } } : line)),
    );
    expect(between(run(100), wrong)).toEqual(['changed event:item/started/payload/turnId']);
  });

  it('lets a floating notification float, and nothing else', () => {
    const move = (from: number, to: number) => (lines: ObservationBody[]) => {
      const out = [...lines];
      out.splice(to, 0, ...out.splice(from, 1));
      return out;
    };
    expect(between(run(100), run(500, move(4, 6)))).toEqual([]);
    expect(between(run(100), run(500, move(3, 5)))).not.toEqual([]);
  });

  it('counts which rules fired', () => {
    expect(normalise(run(100)).fired).toMatchObject({ path: 1, time: 1, 'exit-after-close': 1 });
  });

  it('keeps members of every name, and tells them from members that every object has', () => {
    const showing = (text: string) =>
      run(100, (lines) =>
        lines.map((line) => (line.ch === 'event' ? { ...line, payload: readJson(text) as JsonObject } : line)),
      );
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    for (const name of names) {
      const of = (inner: string) => showing(`{"a":[{"${name}":${inner}}]}`);
      const path = `event:item/started/payload/a/0/${name}`;
      const without = normalise(showing('{"a":[{}]}'));
      const [only, ...more] = compare(without, normalise(of('{}')));
      expect([only, more]).toEqual([expect.objectContaining({ path, actual: {} }), []]);
      expect(only).not.toHaveProperty('expected');
      expect(compare(normalise(of('{}')), without)).toEqual([expect.objectContaining({ path, expected: {} })]);
      expect(between(of('{"b":1}'), of('{"b":2}'))).toEqual([`changed ${path}/b`]);
    }
  });

  it("tells a request's numeric id from a text", () => {
    const numbered = normalise(
      run(0, ([first, ...rest]) => [{ ...first, msg: { id: 1, method: 'x' } } as ObservationBody, ...rest]),
    );
    expect(numbered.lines[0]?.body).toMatchObject({ msg: { id: '<numeric-request:1>' } });
    expect(normalise(run(0)).lines[0]?.body).toMatchObject({ msg: { id: '<request:1>' } });
  });
});
