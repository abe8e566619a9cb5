import { buffer } from 'node:stream/consumers';
import { FakeError } from '../../fake-error.ts';
import { LineReader } from '../../wire/line-reader.ts';
import { now, type WireLog } from '../../wire/wire-log.ts';
import type { ExecCommand } from './parse-exec.ts';

/** The prompt as the engine would build it. */
interface Prompt {
  prompt: string;
  /** What was read from stdin; undefined if nothing was. */
  stdin?: string;
}

interface PromptSource {
  /** Whether stdin is a terminal: the engine then has no input besides its arguments. */
  isTerminal: boolean;
  /** All of stdin, once it is closed: an open pipe makes the engine wait. */
  read(): Promise<Buffer>;
  /** Writes a notice to stderr. */
  tell(text: string): void;
}

/**
 * Where `exec` gets its prompt (0.171.0, measured): from stdin if there is no argument or it is `-`; an argument and a
 * pipe become one text. `resume` reads nothing besides an argument.
 * @throws FakeError (exit 1) in the engine's words if there is no prompt or it is not text
 */
export async function readPrompt({ prompt, resumes }: ExecCommand, source: PromptSource): Promise<Prompt> {
  const argument = prompt === '-' ? undefined : prompt;
  if (argument !== undefined && (resumes || source.isTerminal)) return { prompt: argument };
  if (argument === undefined && prompt !== '-' && source.isTerminal) {
    throw refused('No prompt provided. Either specify one as an argument or pipe the prompt into stdin.');
  }
  if (argument !== undefined) source.tell('Reading additional input from stdin...');
  else if (prompt !== '-') source.tell('Reading prompt from stdin...');
  const stdin = textOf(await source.read());
  if (argument === undefined) {
    if (stdin.trim() === '') throw refused('No prompt provided via stdin.');
    return { prompt: stdin, stdin };
  }
  if (stdin.trim() === '') return { prompt: argument, stdin };
  return { prompt: `${argument}\n\n<stdin>\n${stdin}${stdin.endsWith('\n') ? '' : '\n'}</stdin>`, stdin };
}

function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  try {
    // Removes the byte order mark, as the engine does.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FakeError(
      `Failed to read prompt from stdin: input is not valid UTF-8 (invalid byte at offset ${firstWrong(bytes)}). Convert it to UTF-8 and retry (e.g., \`iconv -f <ENC> -t UTF-8 prompt.txt\`).`,
      { cause, exitCode: 1, asEngine: true },
    );
  }
}

/** The position of the first replacement character that is not in the bytes themselves. */
function firstWrong(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'));
  return again.findIndex((byte, at) => byte !== bytes[at]);
}

const refused = (text: string) => new FakeError(text, { exitCode: 1, asEngine: true });

/** This process's stdin, logged line by line like a server's input. */
export function execInput(log: WireLog): PromptSource {
  return {
    isTerminal: process.stdin.isTTY === true,
    async read() {
      const readAt = now();
      const lines = new LineReader((line) => log.write('out', { ...line }, readAt));
      const bytes = await buffer(process.stdin);
      lines.push(bytes);
      lines.end();
      return bytes;
    },
    tell(text) {
      log.write('stderr', { text: `${text}\n` });
      process.stderr.write(`${text}\n`);
    },
  };
}
