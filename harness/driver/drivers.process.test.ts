import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KnownClientId } from '../clients/clients.ts';
import type { ObservationBody } from '../observation/types.ts';
import type { Scenario, Step } from '../scenario/types.ts';
import { DriverProcess, type RunOutcome } from './driver-process.ts';
import { driverCommand } from './driver-registry.ts';

/** The same scenarios through every driver that can run here: the Python ones where the set-up made their environment. */
const python = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const clients: KnownClientId[] = existsSync(python) ? ['ts', 'python', 'python-async'] : ['ts'];

const engine = fileURLToPath(new URL('test-fixtures/scripted-engine.mjs', import.meta.url));
const start: Step = { call: 'codex.thread_start', as: 't', with: { sandbox: { $enum: 'Sandbox.read_only' } } };
const turn = (text: string): Step => ({ call: 't.turn', as: 'h', with: { input: { $new: 'TextInput', text } } });

let folder: string;
let codexBin: string;
let control: Server;
let calls: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twinproof drivers '));
  codexBin = join(folder, 'engine');
  await writeFile(codexBin, `#!/bin/sh\nexec '${process.execPath}' '${engine}'\n`);
  await chmod(codexBin, 0o755);
  control = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    response.statusCode = request.url?.includes('refused') ? 404 : 200;
    response.end();
  });
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await new Promise((resolve) => control.close(resolve));
  await rm(folder, { recursive: true });
});

describe.each(clients)('the driver of %s', (client) => {
  let driver: DriverProcess;

  beforeAll(async () => {
    // A proxy that does not exist: control calls must not go through it.
    const env = { PATH: '/usr/bin:/bin', http_proxy: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };
    driver = new DriverProcess({ ...driverCommand(client, { python }), env });
    await driver.start();
  });

  afterAll(() => driver.close());

  async function perform(steps: Step[], more: Partial<Scenario> = {}) {
    calls = [];
    const lines: ObservationBody[] = [];
    const stamps: number[] = [];
    const scenario: Scenario = { id: 'a/b', title: 'x', family: 'app-server', covers: [], steps, ...more };
    const address = `http://127.0.0.1:${(control.address() as AddressInfo).port}`;
    const where = { codexBin, env: {}, workspace: folder, control: address };
    const outcome: RunOutcome = await driver.run({ type: 'run', run: 'r', scenario, ...where }, ({ t, ...line }) => {
      stamps.push(t);
      // What our clients hold is the subject of testing/held.
      if (line.ch !== 'rest') lines.push(line as ObservationBody);
    });
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
    return { lines, outcome, lane: (lane: string) => lines.filter((line) => 'lane' in line && line.lane === lane) };
  }

  test('streams in the background, awaits, joins, and calls the control server', async () => {
    const { outcome, lane } = await perform([
      start,
      turn('hello'),
      { start: 'h.stream', as: 'events' },
      { await: 'events', match: { method: 'item/agentMessage/delta' }, times: 2 },
      { await: 'events', match: { method: 'turn/completed', 'turn.status': 'completed' } },
      { join: 'events' },
      { release: 'a b' },
      { 'await-model': 2 },
      { kill: 'engine', signal: 'SIGTERM' },
      { check: { file: 'n.md' } },
    ]);
    expect(outcome).toEqual({ outcome: 'done', tainted: false, notes: [], stderrTail: '' });
    const delta = { itemId: 'item-1', threadId: 'thread-1', turnId: 'turn-1' };
    const event = { ch: 'event', lane: 'events', known: true };
    const item = { id: 'item-1', text: 'Hello', type: 'agentMessage' };
    const turnOf = (status: string) => ({ threadId: 'thread-1', turn: { id: 'turn-1', items: [], status } });
    expect(lane('events')).toEqual([
      { ch: 'call', lane: 'events', op: 'h.stream', args: {} },
      { ...event, method: 'turn/started', payload: turnOf('inProgress') },
      { ...event, method: 'item/agentMessage/delta', payload: { ...delta, delta: 'Hel' } },
      { ...event, method: 'item/agentMessage/delta', payload: { ...delta, delta: 'lo' } },
      {
        ...event,
        method: 'item/unheardOf',
        payload: { threadId: 'thread-1', turnId: 'turn-1', detail: { n: 1 } },
        known: false,
      },
      {
        ...event,
        method: 'item/completed',
        payload: { threadId: 'thread-1', completedAtMs: 1, item, turnId: 'turn-1' },
      },
      { ...event, method: 'turn/completed', payload: turnOf('completed') },
      { ch: 'end', lane: 'events', op: 'h.stream' },
    ]);
    expect(calls).toEqual([
      'POST /latch/a%20b/release',
      'GET /model/requests?atLeast=2',
      'POST /kill?signal=SIGTERM',
      'POST /check?file=n.md',
    ]);
  });

  test('observes results, attributes and errors alike, and passes over what builds on a failure', async () => {
    const { lines } = await perform([
      start,
      { call: 't.id' },
      { call: 't.turn', as: 'h', with: { input: 'hello', effort: 'low' } },
      { call: 'h.steer', with: { input: { $new: 'TextInput', text: { $ref: 'h.thread_id' } } } },
      { call: 'h.run' },
      { call: 't.read', as: 'r', with: { include_turns: true } },
      { call: 'r.thread' },
      { call: 'codex.thread_resume', with: { thread_id: { $ref: 'r.thread.id' } } },
      { close: 'codex' },
    ]);
    expect(lines.filter((line) => line.ch === 'result').map((line) => line.value)).toEqual([
      { $type: 'Thread', id: 'thread-1' },
      'thread-1',
      { $type: 'TurnHandle', threadId: 'thread-1', id: 'turn-1' },
      { turnId: 'thread-1' },
      {
        $type: 'TurnResult',
        id: 'turn-1',
        status: 'completed',
        error: null,
        startedAt: null,
        completedAt: null,
        durationMs: null,
        finalResponse: 'Hello',
        items: [{ id: 'item-1', text: 'Hello', type: 'agentMessage' }],
        usage: null,
      },
      null,
    ]);
    const error = {
      class: 'ServerBusyError',
      message: 'JSON-RPC error -32001: busy',
      code: -32001,
      data: { codexErrorInfo: 'server_overloaded' },
      retryable: true,
    };
    expect(lines.filter((line) => line.ch === 'error')).toEqual([{ ch: 'error', lane: 'r', op: 't.read', error }]);
    expect(lines.filter((line) => line.ch === 'call').map((line) => line.op)).toEqual([
      'codex.thread_start',
      't.id',
      't.turn',
      'h.steer',
      'h.run',
      't.read',
      'codex.close',
    ]);
  });

  test('pulls one event at a time, forgets a name, and mutes what its own close ends', async () => {
    const { lines, outcome } = await perform([
      start,
      turn('hold'),
      { call: 'h.stream', as: 's' },
      { next: 's' },
      { close: 's' },
      { next: 's' },
      { drop: 's' },
      { next: 's' },
      { start: 'codex.models', as: 'm' },
    ]);
    expect(lines.slice(4).map((line) => [line.ch, 'lane' in line && line.lane])).toEqual([
      ['call', 's'],
      ['result', 's'],
      ['event', 'main'],
      ['call', 'main'],
      ['result', 'main'],
      ['end', 'main'],
      ['call', 'm'],
    ]);
    expect(lines[5]).toMatchObject({ value: { $type: 'Stream' } });
    expect(outcome.tainted).toBe(false);
  });

  test('observes the death of the engine in mid-turn', async () => {
    const { lane } = await perform([start, turn('die'), { start: 'h.run', as: 'r' }, { join: 'r' }]);
    // Ours tells an engine that has ended from a connection that was closed; normalising gives it Python's name.
    const lost = client === 'ts' ? 'EngineExitError' : 'TransportClosedError';
    expect(lane('r').at(-1)).toMatchObject({ ch: 'error', op: 'h.run', error: { class: lost } });
  });

  test('a hang ends the run, and the same process serves the next', async () => {
    const { lines, outcome } = await perform([start, { call: 'codex.models' }, { call: 't.id' }], { deadlineMs: 1500 });
    expect(lines.at(-1)).toEqual({ ch: 'hang', lane: 'main', op: 'codex.models', step: 1 });
    expect(outcome).toMatchObject({ outcome: 'done', tainted: false });
    expect((await perform([start])).lines.map((line) => line.ch)).toEqual(['call', 'result']);
  });

  test('an await that can never match is a hang at once', async () => {
    const steps: Step[] = [
      start,
      turn('hello'),
      { start: 'h.stream', as: 'e' },
      { await: 'e', match: { method: 'x' } },
    ];
    const { lines } = await perform(steps, { deadlineMs: 3_600_000 });
    expect(lines.at(-1)).toEqual({ ch: 'hang', lane: 'main', op: 'e.await', step: 3 });
  });

  test('a client that cannot start is an error of Codex', async () => {
    const { lines, outcome } = await perform([start], { client: { codex_bin: { $path: 'none' } } });
    expect(lines).toMatchObject([{ ch: 'error', lane: 'main', op: 'Codex' }]);
    expect(outcome.outcome).toBe('done');
  });

  test('says so when the scenario is not one that it can perform', async () => {
    const { outcome } = await perform([{ call: 'codex.thread_start', with: { sandbox: { $new: 'Nothing' } } }]);
    expect(outcome.outcome).toBe('failed');
    expect(outcome.message).toContain('Nothing');
  });

  if (client !== 'python') {
    test('cancel ends the waiting call alone', async () => {
      const { lines, lane } = await perform([
        start,
        turn('hold'),
        { start: 'h.stream', as: 'e' },
        { await: 'e', match: { delta: 'lo' } },
        { cancel: 'e' },
        { call: 'h.interrupt' },
      ]);
      expect(lane('e').at(-1)?.ch).toBe('error');
      expect(lines.at(-1)).toMatchObject({ ch: 'result', op: 'h.interrupt', value: {} });
    });
  }
});
