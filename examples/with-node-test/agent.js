import { Codex, Sandbox } from 'twinproof';

/** Asks for a review of a text and returns it. `config` is passed to `new Codex`. */
export async function review(text, config = {}) {
  const codex = new Codex(config);
  try {
    const thread = await codex.threadStart({ sandbox: Sandbox.readOnly });
    const { finalResponse } = await thread.run(`Review this text:\n${text}`);
    return finalResponse ?? 'The agent said nothing.';
  } finally {
    await codex.close();
  }
}
