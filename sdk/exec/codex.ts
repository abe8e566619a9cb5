import { execEnv } from './exec-env.ts';
import { findEngine } from './find-engine.ts';
import { type CodexInstallResult, type InstallOptions, install } from './install/install.ts';
import { type AuthJsonOptions, loginWithAuthJson } from './login-with-auth-json.ts';
import { type DeviceCodeOptions, loginWithDeviceCode } from './login-with-device-code.ts';
import type { CodexOptions, ThreadOptions } from './options.ts';
import { Thread, type ThreadSetup } from './thread.ts';

/**
 * Starts `codex exec` for each turn (Python: `Codex` of `openai-codex-sdk`). It holds no process and needs no closing.
 * ```ts
 * import { Codex } from 'twinproof/exec';
 *
 * const thread = new Codex().startThread({ sandboxMode: 'read-only' });
 * const { finalResponse, usage } = await thread.run('Describe this project.');
 * console.log(finalResponse, usage?.output_tokens);
 * ```
 * @throws LaunchError from the constructor, when no engine is named and none is installed
 */
export class Codex {
  readonly #setup: Omit<ThreadSetup, 'thread'>;

  constructor(options: CodexOptions = {}) {
    const { codexPathOverride } = options;
    this.#setup = { options, engine: codexPathOverride ? { bin: codexPathOverride, pathDirs: [] } : findEngine() };
  }

  /** A new conversation. Its first run makes it. */
  startThread(options: ThreadOptions = {}): Thread {
    return new Thread({ ...this.#setup, thread: options }, null);
  }

  /**
   * Resumes a thread by the id that `thread.id` had. The engine keeps threads in `CODEX_HOME` (default `~/.codex`). An id that is empty or begins
   * with "-" makes `run()` reject with a TypeError before any engine starts. Any other word that is not a UUID is a thread's name to the engine; it
   * starts a new thread where it knows no such name.
   */
  resumeThread(id: string, options: ThreadOptions = {}): Thread {
    return new Thread({ ...this.#setup, thread: options }, id);
  }

  /** `codex login --device-auth` with this client's engine and environment: see `loginWithDeviceCode`. */
  loginWithDeviceCode(options: DeviceCodeOptions = {}): Promise<number> {
    const { engine, options: own } = this.#setup;
    return loginWithDeviceCode({ ...options, executablePath: engine.bin, env: execEnv(own, engine.pathDirs) });
  }

  /** See the function `install`. */
  static install(options: InstallOptions): Promise<CodexInstallResult> {
    return install(options);
  }

  /** See the function `loginWithAuthJson`. */
  static loginWithAuthJson(options: AuthJsonOptions = {}): Promise<string> {
    return loginWithAuthJson(options);
  }
}
