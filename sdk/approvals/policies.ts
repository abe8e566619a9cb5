import { expectedGot } from '../../native/expected-got.mjs';
import { shellScript, simpleCommand, simpleCommands } from './literal-words.ts';
import type { ApprovalHandler } from './options.ts';
import { readsOnly } from './reads-only.ts';
import type { ApprovalRequest } from './requests.ts';

/** What the shell runs, if that is what is asked for: not input for a running command, and not access to a host. */
function scriptOf(request: ApprovalRequest): string | undefined {
  if (request.kind !== 'command' || request.network !== null) return undefined;
  if (request.commandKind !== 'command' || request.command === null) return undefined;
  return shellScript(request.command);
}

/**
 * A policy for `approvals` that accepts commands which only read: the engine must call each of their actions read, list or search, and each of their
 * programs must be one of a small list, without options that write or start another program. (The engine calls `find . -delete` a list.) Anything
 * else goes to the next. It says nothing of what may be read: the agent can show you any file that the engine can open.
 * ```ts
 * import { Codex, readOnly } from 'twinproof';
 *
 * await using codex = new Codex({ approvals: readOnly() });
 * const thread = await codex.threadStart();
 * await thread.run('What does this project do?');
 * ```
 */
export function readOnly(): ApprovalHandler {
  const reading: readonly string[] = ['read', 'listFiles', 'search'];
  // Its name, which the audit trail shows, survives a bundler as a key.
  const policies: { readOnly: ApprovalHandler } = {
    readOnly: (request) => {
      const script = scriptOf(request);
      if (script === undefined || request.kind !== 'command' || request.actions.length === 0) return undefined;
      if (!request.actions.every(({ type }) => reading.includes(type))) return undefined;
      const commands = simpleCommands(script);
      return commands && readsOnly(commands) ? 'accept' : undefined;
    },
  };
  return policies.readOnly;
}

/**
 * A policy for `approvals` that accepts these commands, word for word. Only one simple command whose words stand for themselves can match: one with
 * operators, redirections, expansions, globs, assignments, comments, newlines or a path in place of its name goes to the next. Quotes do not
 * matter: `git commit -m "x"` is `git commit -m x`. What a command does is yours to judge: `npm test` runs what `package.json` says, which the
 * agent may have written, and in any folder; check `request.cwd` in a function of your own to limit that.
 * ```ts
 * import { allowCommands, Codex } from 'twinproof';
 *
 * await using codex = new Codex({ approvals: allowCommands(['git status', 'npm test']) });
 * const thread = await codex.threadStart();
 * await thread.run('What has changed?');
 * ```
 * @throws TypeError for anything but such commands
 */
export function allowCommands(commands: readonly string[]): ApprovalHandler {
  if (!Array.isArray(commands)) throw refused('an array of commands', typeof commands);
  const allowed = new Set(
    commands.map((one: unknown) => {
      const words = typeof one === 'string' ? simpleCommand(one) : undefined;
      if (words) return JSON.stringify(words);
      const got = typeof one === 'string' ? JSON.stringify(one.slice(0, 200)) : `a ${typeof one}`;
      throw refused('one simple command of literal words, with a name and not a path', got);
    }),
  );
  const policies: { allowCommands: ApprovalHandler } = {
    allowCommands: (request) => {
      const script = scriptOf(request);
      const words = script === undefined ? undefined : simpleCommand(script);
      return words && allowed.has(JSON.stringify(words)) ? 'accept' : undefined;
    },
  };
  return policies.allowCommands;
}

function refused(expected: string, got: string): TypeError {
  return new TypeError(expectedGot('reading the commands of allowCommands', expected, got));
}
