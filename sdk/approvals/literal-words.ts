/**
 * Reads command lines in which every word stands for itself: no shell changes it, and bash, zsh and sh agree on it. Everything else is undefined:
 * operators, redirections, expansions, globs, assignments, comments, escapes, control characters, anything beyond ASCII.
 */

/** `'…'` next to `'…'` is one quote more in zsh with RC_QUOTES; in `"…"` a backslash counts before four characters alone. */
const unquoted = '[A-Za-z0-9_@%+=:,./-]+';
const wordPattern = new RegExp(`(?:${unquoted}|'[^']*'(?!')|"(?:[^"$\`\\\\!]|\\\\["$\`\\\\])*")+`, 'y');
const chunkPattern = new RegExp(`${unquoted}|'[^']*'|"(?:[^"\\\\]|\\\\.)*"`, 'g');
/** zsh expands `=ls`, and after `=` or `:` with MAGIC_EQUAL_SUBST. */
const zshExpands = /(^|[=:])=/;

interface Word {
  text: string;
  /** As it was written. */
  raw: string;
}

function wordAt(line: string, at: number): Word | undefined {
  wordPattern.lastIndex = at;
  const raw = wordPattern.exec(line)?.[0];
  if (raw === undefined) return undefined;
  let text = '';
  for (const [chunk] of raw.matchAll(chunkPattern)) {
    if (chunk.startsWith("'")) text += chunk.slice(1, -1);
    else if (chunk.startsWith('"')) text += chunk.slice(1, -1).replace(/\\(.)/g, '$1');
    else if (zshExpands.test(chunk)) return undefined;
    else text += chunk;
  }
  return { text, raw };
}

const joining = /\|\||&&|\||;/y;

/** The commands of a line, with what joins them left out: only `joined` lets them be more than one. */
function commandsIn(line: string, joined: boolean): Word[][] | undefined {
  if (!/^[\x20-\x7e]+$/.test(line)) return undefined;
  let command: Word[] = [];
  const commands = [command];
  for (let at = 0; at < line.length; ) {
    if (line[at] === ' ') {
      at += 1;
      continue;
    }
    joining.lastIndex = at;
    const operator = joining.exec(line)?.[0];
    if (operator !== undefined) {
      if (!joined || command.length === 0) return undefined;
      command = [];
      commands.push(command);
      at += operator.length;
      continue;
    }
    const word = wordAt(line, at);
    if (word === undefined) return undefined;
    command.push(word);
    at += word.raw.length;
  }
  return command.length === 0 ? undefined : commands;
}

/** Words with a meaning of their own where a command begins, in bash or in zsh. */
const reserved = new Set(
  (
    'if then elif else fi case esac for select while until do done in function time coproc ' +
    'repeat foreach end nocorrect declare export float integer local private readonly typeset'
  ).split(' '),
);

/** A plain name, unquoted: neither a path nor an assignment nor a word of the shell's grammar. */
const isName = ({ raw }: Word) => /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(raw) && !reserved.has(raw);

/** The commands of a line of simple commands, joined by `|`, `||`, `&&` or `;`, each as its words. */
export function simpleCommands(line: string): string[][] | undefined {
  return wordsOf(commandsIn(line, true));
}

/** The words of a line that is one simple command. */
export function simpleCommand(line: string): string[] | undefined {
  return wordsOf(commandsIn(line, false))?.[0];
}

function wordsOf(commands: Word[][] | undefined): string[][] | undefined {
  if (!commands?.every(([name]) => name !== undefined && isName(name))) return undefined;
  return commands.map((words) => words.map(({ text }) => text));
}

/** The model may name a shell of its own, such as a program in the workspace that is called bash. */
const systemShell = /^(\/usr)?\/bin\/(ba|z|da)?sh$/;

/**
 * What the shell runs of a command line of the engine: of `/bin/bash -lc 'git status'` it is `git status`. Only a shell of the system is taken for
 * the engine's own; any other line is itself what runs.
 */
export function shellScript(commandLine: string): string {
  const words = commandsIn(commandLine, false)?.[0]?.map(({ text }) => text);
  const [shell = '', flag = '', script] = words ?? [];
  return words?.length === 3 && script !== undefined && systemShell.test(shell) && /^-l?c$/.test(flag)
    ? script
    : commandLine;
}
