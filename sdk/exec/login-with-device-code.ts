import type { ChildProcessByStdio } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { fromCaller } from '../errors/callers-line.ts';
import { onAbort } from '../host/on-abort.ts';
import {
  signal as aSignal,
  callback,
  checkArgument,
  checkOptions,
  object,
  type RulesFor,
  text,
} from '../options/check-options.ts';
import { afterQuiet } from '../transport/after-quiet.ts';
import { spawned } from '../transport/launch.ts';
import { endWithHost } from '../transport/live-processes.ts';
import { CodexAuthError, ExecAbortError } from './exec-errors.ts';
import { pipeGraceMs } from './output-reader.ts';

/** Options of a device login. */
export interface DeviceCodeOptions {
  /**
   * Receives the engine's output as it arrives: the URL and the code that the user needs. Default: writes it to stdout,
   * as Python does.
   */
  onOutput?: (text: string) => void;
  /** Stops the login. */
  signal?: AbortSignal;
}

/** The engine and its whole environment (default: that of this process). */
export interface DeviceCodeEngine {
  executablePath: string;
  env?: NodeJS.ProcessEnv;
}

export const deviceCodeRules: RulesFor<DeviceCodeEngine & DeviceCodeOptions> = {
  executablePath: text,
  env: object,
  onOutput: callback,
  signal: aSignal,
};

/**
 * Runs `codex login --device-auth` until the user has confirmed the code or the engine gives up (Python:
 * `login_with_device_code`).
 * @returns the engine's exit code: 0 if the login succeeded; minus the signal's number if a signal killed it
 * @throws CodexAuthError if the engine cannot be started
 * @throws AbortError if `signal` fired
 * @throws what `onOutput` throws; the engine is then stopped
 */
export async function loginWithDeviceCode(options: DeviceCodeEngine & DeviceCodeOptions): Promise<number> {
  return await fromCaller(loginWithDeviceCode, () => login(options));
}

async function login(options: DeviceCodeEngine & DeviceCodeOptions): Promise<number> {
  checkArgument('options', options, object);
  checkOptions('loginWithDeviceCode', options, deviceCodeRules);
  const { executablePath, env = process.env, signal, onOutput = (text) => void process.stdout.write(text) } = options;
  if (signal?.aborted) throw new ExecAbortError(signal.reason);
  const child = await start(executablePath, env);
  const engine = { child, close: async () => void child.kill('SIGKILL') };
  const takeOffList = endWithHost(engine);
  const stopListening = onAbort(signal, () => void engine.close());
  if (signal?.aborted) void engine.close();
  const pipes = [child.stdout, child.stderr];
  let failure: { cause: unknown } | undefined;
  const pass = (text: string) => {
    try {
      if (!failure) onOutput(text);
    } catch (cause) {
      failure = { cause };
      void engine.close();
    }
  };
  for (const pipe of pipes) pipe.setEncoding('utf8').on('data', pass);
  let cancel = () => {};
  // A browser that the engine opened may hold its pipes for as long as it runs.
  child.once('exit', () => {
    cancel = afterQuiet(
      pipeGraceMs,
      () => 0,
      () => pipes.map((pipe) => pipe.destroy()),
    );
  });
  try {
    const [code, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once('close', (...end) => resolve(end));
    });
    if (failure) throw failure.cause;
    if (signal?.aborted) throw new ExecAbortError(signal.reason);
    return code ?? -(killedBy ? constants.signals[killedBy] : 1);
  } finally {
    cancel();
    stopListening();
    takeOffList();
  }
}

async function start(command: string, env: NodeJS.ProcessEnv): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  try {
    const { spawn } = await import('node:child_process');
    const child = spawn(command, ['login', '--device-auth'], { env, stdio: ['inherit', 'pipe', 'pipe'] });
    await spawned(child);
    // A signal that cannot be sent was meant for a process that is gone.
    return child.on('error', () => {});
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const text = code === 'ENOENT' ? `Codex CLI not found at ${command}` : `Codex login failed: ${message}`;
    throw new CodexAuthError(text, { cause });
  }
}
