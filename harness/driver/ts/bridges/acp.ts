import type { AnyMessage, ContentBlock, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import type { Codex } from '../../../../sdk/index.ts';

/** What a scenario may say of an editor. */
interface EditorOptions {
  /** Kinds of the permissions that its user chooses, one after the other; then nothing is chosen: the question stays open. */
  answers?: string[];
  thread?: object;
}

interface Told {
  push(entry: object): void;
  end(): void;
  entries: AsyncGenerator<object, void, void>;
}

/**
 * An editor, made of the library of the Agent Client Protocol, whose agent is the scenario's client. The library is loaded
 * by its own scenarios alone.
 */
export async function acpEditor(codex: Codex, { answers = [], thread }: EditorOptions) {
  const [{ client, methods }, { serveAcp }] = await Promise.all([
    import('@agentclientprotocol/sdk'),
    import('../../../../sdk/acp.ts'),
  ]);
  const left = [...answers];
  let used: number | undefined;
  const updates = toldLater();
  const [agentEnd, editorEnd] = [new TransformStream<AnyMessage>(), new TransformStream<AnyMessage>()];
  const stop = new AbortController();
  const stream = { readable: agentEnd.readable, writable: editorEnd.writable };
  const served = serveAcp({ client: codex, stream, signal: stop.signal, ...(thread !== undefined && { thread }) });
  const connection = client({ name: 'an editor' })
    .onRequest(methods.client.session.requestPermission, async ({ params, signal }) => {
      const { toolCall, options } = params;
      updates.push({ asked: toolCall, options: options.map(({ kind, name }) => ({ kind, name })) });
      const kind = left.shift();
      if (kind !== undefined) return chosen(options.find((one) => one.kind === kind)?.optionId);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      updates.push({ takenBack: toolCall.toolCallId });
      return { outcome: { outcome: 'cancelled' } };
    })
    .onNotification(methods.client.session.update, ({ params: { update } }) => {
      // Among the others it is a race of the engine.
      if (update.sessionUpdate === 'usage_update') used = update.used;
      else updates.push('messageId' in update ? { ...update, ...partOf(update.messageId) } : update);
    })
    .connect({ readable: editorEnd.readable, writable: agentEnd.writable });
  const { agent } = connection;

  return new (class AcpEditor {
    async initialize(): Promise<object> {
      const { agentInfo: _, ...answer } = await agent.request('initialize', { protocolVersion: 1 });
      return answer;
    }

    async newSession({ cwd, mode }: { cwd: string; mode?: string }): Promise<object> {
      const { sessionId, modes } = await agent.request('session/new', { cwd, mcpServers: [] });
      if (mode !== undefined) await agent.request('session/set_mode', { sessionId, modeId: mode });
      return { sessionId, modes: modes?.availableModes.map(({ id }) => id) };
    }

    async loadSession({ session, cwd }: { session: string; cwd: string }): Promise<object> {
      const { modes } = await agent.request('session/load', { sessionId: session, cwd, mcpServers: [] });
      return { mode: modes?.currentModeId };
    }

    async prompt({ session, text }: { session: string; text: string }): Promise<object> {
      const prompt: ContentBlock[] = [{ type: 'text', text }];
      return await agent.request('session/prompt', { sessionId: session, prompt });
    }

    async cancel({ session }: { session: string }): Promise<void> {
      await agent.notify('session/cancel', { sessionId: session });
    }

    /** How much of the model's context is used, as the agent has told last. */
    used(): number | undefined {
      return used;
    }

    /** What the agent tells and asks, from the beginning. */
    updates(): AsyncGenerator<object, void, void> {
      return updates.entries;
    }

    /** The editor goes. */
    async close(): Promise<void> {
      stop.abort();
      connection.close();
      updates.end();
      await served;
    }
  })();
}

/** The id of a message is that of the engine's item, and what part of it. */
function partOf(messageId: string | null | undefined): object {
  const [id, ...part] = String(messageId).split(':');
  return part.length === 0 ? {} : { messageId: id, part: part.join(':') };
}

function chosen(optionId: string | undefined): RequestPermissionResponse {
  return { outcome: { outcome: 'selected', optionId: optionId ?? 'none of them' } };
}

/** Entries for one reader, in order. */
function toldLater(): Told {
  const waiting: object[] = [];
  let ended = false;
  let wake = () => {};
  async function* read() {
    for (;;) {
      for (const entry of waiting.splice(0)) yield entry;
      if (ended) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waiting.length > 0 || ended) resolve();
      });
    }
  }
  return {
    push(entry) {
      waiting.push(entry);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    entries: read(),
  };
}
