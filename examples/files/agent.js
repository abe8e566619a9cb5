import { Codex, StagingError } from 'twinproof';

/**
 * Asks the agent about pictures that users have uploaded, as streams of unknown content. What is no picture, or too large,
 * is told to its user and left out. The copies are gone when the answer is there.
 */
export async function describe(uploads, config = {}) {
  const codex = new Codex(config);
  try {
    const staged = await Promise.allSettled(
      uploads.map(({ name, body }) =>
        codex.files.stage(body, { name, keep: 'turn', types: ['image/*'], maxBytes: 5_000_000 }),
      ),
    );
    const refused = [];
    const pictures = [];
    for (const one of staged) {
      if (one.status === 'fulfilled') pictures.push(one.value);
      else if (one.reason instanceof StagingError) refused.push(one.reason.message);
      else throw one.reason;
    }
    if (pictures.length === 0) return { answer: '', refused };
    const thread = await codex.threadStart();
    const text = `Describe these ${pictures.length} pictures.`;
    const { finalResponse } = await thread.run([{ type: 'text', text }, ...pictures]);
    return { answer: finalResponse, refused };
  } finally {
    await codex.close();
  }
}
