// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { redact } from './redact.mjs';

const graceMs = 3_000;
const tailLines = 60;

/**
 * Runs a program without a shell and without stdin, in a process group of its own, so that an abort ends all that it started.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, signal?: AbortSignal, logFile?: string }} options logFile: gets all output, credentials hidden
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null, stdout: string, tail: string }>} tail: the last lines
 * of both streams; rejects when the program cannot be started, or with the signal's reason once the aborted program is gone
 */
export async function runChild(command, args, options) {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  if (options.logFile !== undefined) mkdirSync(dirname(options.logFile), { recursive: true });
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile);
  log?.on('error', () => {}); // A full disk shows in the program's own failure; its log is a convenience.
  /** @type {string[]} */
  let tail = [];
  let stdout = '';
  /** @param {string} text */
  const keep = (text) => {
    log?.write(redact(text));
    tail = [...tail, ...text.split(/\r?\n/).filter((line) => line.trim() !== '')].slice(-tailLines);
  };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout = (stdout + text).slice(-1_000_000);
    keep(text);
  });
  child.stderr.setEncoding('utf8').on('data', keep);

  /** @type {NodeJS.Timeout | undefined} */
  let hardKill;
  const onAbort = () => {
    killGroup(child.pid, 'SIGTERM');
    hardKill = setTimeout(() => {
      killGroup(child.pid, 'SIGKILL');
      // A child that left the group may still hold the pipes: do not wait for it.
      child.stdout.destroy();
      child.stderr.destroy();
    }, graceMs);
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const [code, signal] = await once(child, 'close');
    options.signal?.throwIfAborted();
    return { code, signal, stdout, tail: tail.join('\n') };
  } finally {
    clearTimeout(hardKill);
    options.signal?.removeEventListener('abort', onAbort);
    if (options.signal?.aborted) killGroup(child.pid, 'SIGKILL');
    log?.end();
  }
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function killGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Already gone.
  }
}
