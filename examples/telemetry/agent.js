import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Codex } from 'twinproof';

/**
 * Runs one task and says what it cost: the tools that were used, the tokens, and what went wrong. It knows nothing of the turn's events: the
 * channels tell it, for whatever part of the program runs turns. With `tracerProvider`, the same is a trace.
 */
export async function audited(task, { tracerProvider, log = () => {} } = {}, config = {}) {
  const audit = { tools: [], tokens: 0, failures: [] };
  const channels = {
    'twinproof.tool.completed': ({ tool, status, durationMs }) => audit.tools.push({ tool, status, durationMs }),
    'twinproof.tokens.used': ({ usage }) => {
      audit.tokens += usage.last.totalTokens;
    },
    'twinproof.turn.failed': ({ error }) => audit.failures.push(error?.message),
    'twinproof.request.failed': ({ method, error }) => audit.failures.push(`${method}: ${error.message}`),
  };
  for (const [name, hear] of Object.entries(channels)) subscribe(name, hear);
  const codex = new Codex({
    ...config,
    ...(tracerProvider && { telemetry: { tracerProvider } }),
    logger: {
      info: (_, message) => log(message),
      warn: (fields, message) => log(`${message} ${fields.error.message}`),
    },
  });
  try {
    const thread = await codex.threadStart();
    await thread.run(task);
  } catch (error) {
    log(error.message);
  } finally {
    await codex.close();
    for (const [name, hear] of Object.entries(channels)) unsubscribe(name, hear);
  }
  return audit;
}
