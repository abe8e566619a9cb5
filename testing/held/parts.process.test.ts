import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Conversations } from '../../sdk/ai-sdk/conversations.ts';
import { languageModel } from '../../sdk/ai-sdk/language-model.ts';
import { RequestBroker } from '../../sdk/approvals/request-broker.ts';
import { Staging } from '../../sdk/files/staging.ts';
import { openHooks } from '../../sdk/hooks/open-hooks.ts';
import { SubAgents } from '../../sdk/rpc/sub-agents.ts';
import { openTelemetry } from '../../sdk/telemetry/open-telemetry.ts';
import { SessionTelemetry } from '../../sdk/telemetry/session-telemetry.ts';
import { exporters } from '../../sdk/telemetry/test-fixtures/exporters.ts';
import { memoryEngine } from '../index.ts';
import { heldBy } from './held.ts';

/** What is held before and after something that is done several times, each time another one. */
async function expectNothingLeft(part: object, round: (at: number) => Promise<unknown>): Promise<void> {
  await round(0);
  const before = heldBy([part]);
  for (let at = 1; at < 4; at += 1) await round(at);
  expect(heldBy([part])).toEqual(before);
  // All that wait for a signal share one listener.
  expect(Object.keys(before).filter((name) => name.endsWith(' listeners'))).toEqual([]);
}

test.each(['answered', 'failed', 'over time', 'resolved'])('requests of the engine that are %s', async (how) => {
  const broker = new RequestBroker(
    {
      approvals: {
        command: () => {
          if (how === 'failed') throw new Error('no');
          return how === 'answered' ? 'accept' : new Promise<never>(() => {});
        },
        timeoutMs: how === 'over time' ? 1 : 0,
      },
    },
    () => {},
    new SubAgents(),
    new SessionTelemetry({ of: () => undefined } as never, false),
  );
  const { signal } = new AbortController();
  await expectNothingLeft(broker, async (at) => {
    const turnId = `t${at}`;
    const params = { threadId: 'th', turnId, itemId: 'i', command: 'ls' };
    const request = { id: at, method: 'item/commandExecution/requestApproval', params } as never;
    const asked = Promise.resolve(broker.onServerRequest(request, { signal })).catch(() => {});
    if (how === 'resolved') broker.see('serverRequest/resolved', { threadId: 'th', requestId: at });
    else await asked;
    broker.denialsOf(turnId);
    broker.see('turn/completed', { threadId: 'th', turn: { id: turnId } });
  });
});

test.each(['done', 'failed', 'aborted'])('turns of the AI SDK that are %s', async (how) => {
  const engine = memoryEngine({
    'turn/start': () => {
      if (how === 'failed') throw new Error('no');
      return 'Yes.';
    },
  });
  const conversations = new Conversations({ client: engine.codex() });
  onTestFinished(async () => {
    await conversations.close();
    await engine.close();
  });
  const model = languageModel('gpt', conversations);
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'go' }] }];
  const providerOptions = { codex: { threadId: 'th' } };
  await expectNothingLeft(conversations, async () => {
    const stop = new AbortController();
    const options = { prompt, providerOptions, abortSignal: stop.signal };
    const asked = Promise.resolve(model.doGenerate(options)).catch(() => {});
    if (how === 'aborted') {
      await new Promise(setImmediate);
      stop.abort();
    }
    await asked;
  });
});

test('relays of hooks that have gone', async () => {
  const hooks = await openHooks({ stop: () => undefined });
  onTestFinished(() => hooks.fail(new Error('over')));
  await expectNothingLeft(hooks, async () => {
    const { TWINPROOF_HOOK_SOCKET: address = '', TWINPROOF_HOOK_TOKEN: token } = hooks.env;
    const socket = connect(address);
    socket.write(`${JSON.stringify({ token, event: 'stop', input: '{}' })}\n`);
    for await (const _ of socket);
    await vi.waitUntil(() => JSON.stringify(heldBy([hooks])).includes('#open') === false);
  });
});

test('spans that have ended, by themselves or with their connection', async () => {
  const { tracerProvider, meterProvider } = exporters();
  const sink = (await openTelemetry())({ tracerProvider, meterProvider });
  const tell = (at: number, name: string, more: object = {}) => {
    const of = { connection: 1, threadId: 'th', turnId: `t${at}`, itemId: `i${at}`, requestId: `${at}` };
    sink.take(
      name as never,
      { ...of, type: 'plan', kind: 'command', model: null, modelProvider: null, ...more } as never,
    );
  };
  const begin = (at: number) => {
    tell(at, 'client.starting', { clientName: 'test' });
    for (const name of ['thread.started', 'request.started', 'turn.started', 'item.started', 'approval.requested'])
      tell(at, name, { method: name === 'request.started' ? 'turn/start' : 'thread/start' });
  };
  for (const at of [0, 1, 2]) {
    begin(at);
    tell(at, 'client.closed');
  }
  expect(Object.keys(heldBy([sink])).filter((name) => name.startsWith('Spans.'))).toEqual([]);
  tell(9, 'client.starting', { clientName: 'test' });
  tell(9, 'approval.requested');
  expect(heldBy([sink])).toMatchObject({ 'Spans.#asked': 1 });
  tell(9, 'approval.answered', { decision: 'accept', decidedBy: 'mine' });
  expect(heldBy([sink])).not.toHaveProperty('Spans.#asked');
});

test.each(['staged', 'refused'])('files that are %s and released', async (how) => {
  const home = mkdtempSync(join(tmpdir(), 'held-'));
  const staging = new Staging(home);
  onTestFinished(async () => {
    await staging.close();
    rmSync(home, { recursive: true });
  });
  await expectNothingLeft(staging, async (at) => {
    const maxBytes = how === 'refused' ? 1 : 100;
    const staged = await staging.stage(Buffer.from(`text ${at}`), { maxBytes }).catch(() => undefined);
    staging.given([staged?.path ?? ''], 'th', `t${at}`);
    await staged?.release();
  });
});
