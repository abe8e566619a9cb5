import { spawn } from 'node:child_process';
import { CodexError } from '../../errors/codex-error.ts';
import { endOf } from '../../errors/cut-text.ts';
import { startDeadline } from '../../host/deadline.ts';
import { onAbort } from '../../host/on-abort.ts';
import { errorText } from '../../redact/error-text.ts';
import type { AutoRunVerdict } from './options.ts';

/** Options of `commandSucceeds()`. */
export interface CommandSucceedsOptions {
  /** The folder that the command runs in. Default: that of your program. */
  cwd?: string | undefined;
  /** The environment of the command. Default: that of your program. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** How long it may take, in milliseconds; after that, it is ended and has failed. Default: 0, for as long as it takes. */
  timeoutMs?: number | undefined;
  /** How much of the end of its output the agent is told, in characters. Default: 8000. */
  outputLimit?: number | undefined;
}

const defaultLimit = 8000;

/** So much more is kept, so that no secret is cut before it is taken out. */
const longestSecret = 4096;

/** How long the output of a command that has ended is waited for. */
const drainMs = 1000;

/**
 * Runs a command and says whether it has succeeded, or what the agent is told.
 * @throws CodexError if it cannot be started
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 0, outputLimit = defaultLimit }: CommandSucceedsOptions,
  signal: AbortSignal,
): Promise<AutoRunVerdict> {
  const line = [command, ...args].join(' ');
  let output = '';
  let late = false;
  // A group of its own, so that what it has started ends with it.
  const group = process.platform !== 'win32';
  const child = spawn(command, [...args], {
    cwd,
    env: env as NodeJS.ProcessEnv,
    detached: group,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => {
    try {
      if (group && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      // It has ended.
    }
  };
  const take = (chunk: string) => {
    output = endOf(output + chunk, outputLimit + longestSecret);
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
  const stopListening = onAbort(signal, end);
  const stopTimer = startDeadline(timeoutMs, undefined, () => {
    late = true;
    end();
  });
  let stopDraining = () => {};
  if (signal.aborted) end();
  try {
    const how = await new Promise<{ code: number | null; by: NodeJS.Signals | null }>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, by) => resolve({ code, by }));
      // What has left its group may keep its output open: that is not waited for.
      child.on('exit', (code, by) => {
        end();
        stopDraining = startDeadline(drainMs, undefined, () => resolve({ code, by }));
      });
    });
    if (how.code === 0) return true;
    const ended = late ? `was ended after ${timeoutMs} ms` : `ended with ${how.by ?? `exit code ${how.code}`}`;
    const said = endOf(errorText(output.trim()), outputLimit);
    const told = `\`${line}\` ${ended}.${said === '' ? ' ' : `\n\n${said}\n\n`}Fix this, then continue.`;
    return { next: errorText(told) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodexError(`could not run ${line}: ${reason}`, { cause, kind: 'launch', action: 'commandSucceeds' });
  } finally {
    stopListening();
    stopTimer();
    stopDraining();
    end();
  }
}
