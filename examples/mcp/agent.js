import { Codex } from 'twinproof';

/**
 * Asks the agent something that it can look up in a database, whose MCP server is started again if it crashes. Returns the
 * answer, and what happened to the server until then.
 */
export async function ask(question, config = {}) {
  const codex = new Codex(config);
  const happened = [];
  const reading = report(codex, happened);
  try {
    const thread = await codex.threadStart({
      mcpServers: {
        // The address of the database is a secret: the server gets it by the name of its variable.
        db: { command: 'npx', args: ['db-mcp'], envVars: ['DB_URL'], restart: { max: 2, backoffMs: 0 } },
      },
    });
    const { finalResponse } = await thread.run(question);
    return { answer: finalResponse, happened };
  } finally {
    await codex.close();
    await reading;
  }
}

async function report(codex, happened) {
  try {
    for await (const event of codex.mcp.events()) {
      if (event.type === 'failed') happened.push(`${event.server} failed: ${event.error}`);
      else if ('server' in event) happened.push(`${event.server} ${event.type}`);
    }
  } catch {
    // The client is closed.
  }
}
