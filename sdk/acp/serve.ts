import { Readable, Writable } from 'node:stream';
import { expectedGot } from '../../native/expected-got.mjs';
import { onAbort } from '../host/on-abort.ts';
import { Codex } from '../index.ts';
import { checkOptions, object, type Rule, type RulesFor, signal } from '../options/check-options.ts';
import { optionalPeer, rethrow } from '../schema/optional-peer.ts';
import { version } from '../version.ts';
import type { AcpOptions } from './options.ts';
import { AcpSessions } from './sessions.ts';

const client: Rule = {
  expected: 'a client (new Codex())',
  accepts: (value) => value instanceof Codex,
  nullable: false,
};
const rules: RulesFor<AcpOptions> = { stream: object, client, config: object, thread: object, signal };

/**
 * Serves Codex as an agent of the Agent Client Protocol to one client, such as an editor: sessions with their history, prompts, permissions, modes, models,
 * MCP servers. It needs the optional peer package `@agentclientprotocol/sdk`. `npx twinproof acp` does this on stdin and stdout.
 * ```ts no-run: it waits for a client
 * import { serveAcp } from 'twinproof/acp';
 *
 * await serveAcp({ thread: { developerInstructions: 'Answer in English.' } });
 * ```
 * Resolves when the client has gone, or `signal` has fired, and the engine has ended.
 * @throws TypeError that names the option
 * @throws CodexError with `kind` `install` if `@agentclientprotocol/sdk` is not installed
 */
export async function serveAcp(options: AcpOptions = {}): Promise<void> {
  checkOptions('serveAcp', options, rules);
  if (options.client && options.config) {
    const advice = 'A client has its own configuration';
    throw new TypeError(expectedGot('reading the options of serveAcp', 'client or config', 'both', advice));
  }
  const acp = await optionalPeer('@agentclientprotocol/sdk', 'serving the Agent Client Protocol', async () => {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ '@agentclientprotocol/sdk').catch(rethrow);
  });
  const codex = options.client ?? new Codex(options.config);
  const sessions = new AcpSessions(codex, options, acp.RequestError);
  const { agent } = acp.methods;
  const app = acp
    .agent({ name: 'twinproof' })
    .onRequest(agent.initialize, ({ params }) => sessions.initialize(params, acp.PROTOCOL_VERSION, version))
    .onRequest(agent.authenticate, ({ params }) => sessions.authenticate(params))
    .onRequest(agent.logout, () => sessions.logout())
    .onRequest(agent.session.new, ({ params, client }) => sessions.create(params, client))
    .onRequest(agent.session.load, ({ params, client }) => sessions.load(params, client))
    .onRequest(agent.session.resume, ({ params, client }) => sessions.resume(params, client))
    .onRequest(agent.session.list, ({ params }) => sessions.list(params))
    .onRequest(agent.session.close, ({ params }) => sessions.close(params))
    .onRequest(agent.session.delete, ({ params }) => sessions.delete(params))
    .onRequest(agent.session.setMode, ({ params }) => sessions.setMode(params))
    .onRequest(agent.session.setConfigOption, ({ params }) => sessions.setConfigOption(params))
    .onRequest(agent.session.prompt, ({ params, signal }) => sessions.prompt(params, signal))
    .onNotification(agent.session.cancel, ({ params }) => sessions.cancel(params));
  const stream =
    options.stream ??
    acp.ndJsonStream(
      Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
      Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
    );
  const connection = app.connect(stream);
  const stop = onAbort(options.signal, () => connection.close());
  if (options.signal?.aborted) connection.close();
  try {
    await connection.closed;
  } finally {
    stop();
    await sessions.end();
    if (codex !== options.client) await codex.close();
  }
}
