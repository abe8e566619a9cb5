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
import { SessionTelemetry } from '../../sdk/telemetry/session-telemetry.ts';
import { memoryEngine } from '../index.ts';
import { heldBy } from './held.ts';

/** What is held before and after something that is done several times, each time another one. */
async function expectNothingLeft(part: object, round: (at: number) => Promise<unknown>): Promise<void> {
  await round(0);
  const before = heldBy([part]);
  for (let at = 1; at < 4; at += 1) await round(at);
  expect(heldBy([part])).toEqual(before);
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
    const asked = model.doGenerate({ prompt, providerOptions, abortSignal: stop.signal }).catch(() => {});
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
