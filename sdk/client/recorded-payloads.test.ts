import { expect, test } from 'vitest';
import { connected } from '../test-fixtures/connected-client.ts';
import { recordedWire } from '../test-fixtures/recorded-wire.ts';

const recorded = recordedWire();

test.each(recorded)('all that the engine said in $golden comes out as it went in', async ({ messages }) => {
  const asked: unknown[] = [];
  const { engine, codex } = await connected({
    onServerRequest: ({ method, params }) => void asked.push([method, params]),
  });
  for (const message of messages) {
    if (message.method === undefined) {
      if (message.result === undefined) continue;
      // Any request will do: the answer is passed on as it came, whatever was asked.
      const [answer] = await Promise.all([codex.request('any/request', {}), engine.answer(message.result)]);
      expect(JSON.stringify(answer)).toBe(JSON.stringify(message.result));
    } else if (message.id !== undefined) {
      engine.send(message);
      expect(await engine.next()).toMatchObject({ id: message.id });
      expect(JSON.stringify(asked.pop())).toBe(JSON.stringify([message.method, message.params]));
    } else {
      const params = message.params ?? {};
      const { turnId, turn, loginId } = params as { turnId?: string; turn?: { id?: string }; loginId?: string | null };
      if (message.method === 'account/login/completed' && typeof loginId === 'string') {
        engine.send(message);
        expect(JSON.stringify(await codex.waitForLoginCompleted(loginId))).toBe(JSON.stringify(params));
        continue;
      }
      const id = turnId ?? turn?.id;
      const handle = id === undefined ? undefined : await (await thread()).attach(id);
      engine.send(message);
      const stream = handle?.stream();
      const event = stream ? (await stream.next()).value : await codex.nextNotification();
      await stream?.return();
      expect(JSON.stringify(event)).toBe(JSON.stringify({ method: message.method, payload: params, known: true }));
    }
  }

  async function thread() {
    const [resumed] = await Promise.all([codex.threadResume('th'), engine.answer({ thread: { id: 'th' } })]);
    return resumed;
  }
});

const asking = recorded.filter(({ requests }) => requests.some(({ method }) => method !== 'initialize'));

test.each(asking)('all that was asked for in $golden goes out as it was given', async ({ requests }) => {
  const { engine, codex } = await connected();
  for (const { method, params } of requests) {
    if (method === undefined || method === 'initialize') continue;
    const answered = codex.request(method, params);
    const { id, ...sent } = await engine.next();
    expect(JSON.stringify(sent)).toBe(JSON.stringify({ method, ...(params !== undefined && { params }) }));
    engine.send({ id, result: {} });
    await answered;
  }
});
