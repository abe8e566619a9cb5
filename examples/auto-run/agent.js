import { readFile, rm, writeFile } from 'node:fs/promises';
import { AutoRunAbortError, AutoRunError, Codex, commandSucceeds } from 'twinproof';

/**
 * Lets the agent work until `check` (a program and its arguments) succeeds, within its limits. What is left of a run that was cut short is kept in
 * `file`; the next call continues from there, also in another process. Returns why it stopped.
 */
export async function mend(task, { check: [command, ...args], file, signal, onTurn }, config = {}) {
  const codex = new Codex(config);
  const kept = JSON.parse(await readFile(file, 'utf8').catch(() => 'null'));
  try {
    const thread = kept ? await codex.threadResume(kept.threadId) : await codex.threadStart();
    const result = await thread.autoRun({
      ...(kept ? { resume: kept } : { input: task }),
      until: commandSucceeds(command, args),
      maxTurns: 5,
      maxTokens: 500_000,
      signal,
      onTurn,
    });
    if (result.next) await keep(file, result);
    else await rm(file, { force: true });
    return result.stoppedBy;
  } catch (error) {
    if (!(error instanceof AutoRunAbortError || error instanceof AutoRunError)) throw error;
    await keep(file, error.result);
    return error.result.stoppedBy;
  } finally {
    await codex.close();
  }
}

/** The turns themselves are not needed to continue. */
async function keep(file, { turns: _, ...state }) {
  await writeFile(file, JSON.stringify(state));
}
