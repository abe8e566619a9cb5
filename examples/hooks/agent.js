import { Codex } from 'twinproof';

const protectedPaths = ['.env', '.git/'];

/** Nobody removes a folder, and no command reads what is protected. */
export function guard({ toolInput }) {
  const { command } = toolInput;
  if (/\brm\s+-\w*r/.test(command))
    return { block: 'Folders are not removed here. Say what should go, and a person will do it.' };
  const path = protectedPaths.find((one) => command.includes(one));
  return path === undefined ? undefined : { block: `${path} is not for you.` };
}

/** The agent may stop once it has said what it tested; it is told once. */
export function askForTests({ lastAssistantMessage, stopHookActive }) {
  if (stopHookActive || /\btest/i.test(lastAssistantMessage ?? '')) return undefined;
  return { block: 'Say which tests you have run.' };
}

/** Runs a task with both hooks, and a note of the day. */
export async function work(task, config = {}, today = () => new Date()) {
  const codex = new Codex({
    ...config,
    hooks: {
      preToolUse: { tools: ['Bash'], handler: guard },
      userPromptSubmit: () => ({ context: `Today is ${today().toISOString().slice(0, 10)}.` }),
      stop: askForTests,
    },
  });
  try {
    const thread = await codex.threadStart();
    return (await thread.run(task)).finalResponse;
  } finally {
    await codex.close();
  }
}
