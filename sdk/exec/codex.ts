import { resolve } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { engineBehindShim } from '../../native/find-engine.mjs';
import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { warnIfUnproven } from '../client/engine-version.ts';
import { type ResolvedCodex, resolveCodexBin } from '../client/resolve-codex-bin.ts';
import { showCallers } from '../errors/callers-line.ts';
import { hiddenState, inspectAs } from '../objects/hidden-state.ts';
import { checkOptions } from '../options/check-options.ts';
import { execEnv } from './exec-env.ts';
import { install } from './install/install.ts';
import type { CodexInstallResult, InstallOptions } from './install/install-options.ts';
import { type AuthJsonOptions, loginWithAuthJson } from './login-with-auth-json.ts';
import { type DeviceCodeOptions, loginWithDeviceCode } from './login-with-device-code.ts';
import { type CodexOptions, codexRules, type ThreadOptions } from './options.ts';
import { Thread, type ThreadSetup } from './thread.ts';

const state = hiddenState<Omit<ThreadSetup, 'thread'>>('Codex');

/**
 * Starts `codex exec` for each turn (Python: `Codex` of `openai-codex-sdk`). It holds no process, so there is nothing
 * to close.
 * ```ts
 * import { Codex } from 'twinproof/exec';
 *
 * const thread = new Codex().startThread({ sandboxMode: 'read-only' });
 * const { finalResponse, usage } = await thread.run('Describe this project.');
 * console.log(finalResponse, usage?.output_tokens);
 * ```
 * @throws LaunchError from the constructor, if no engine is named and none is installed
 */
export class Codex {
  constructor(options: CodexOptions = {}) {
    checkOptions('new Codex', options, codexRules);
    const { codexPathOverride, engineCheck, remote, remoteToken } = options;
    if (remoteToken !== undefined && !remote)
      throw new TypeError(expectedGot('reading the option remoteToken of new Codex', 'it beside remote', 'it alone'));
    const engine = codexPathOverride ? named(codexPathOverride) : resolveCodexBin(undefined, 'codexPathOverride');
    // Of an engine that the program names, nobody has said the version: `codex exec` reports none.
    if (engineCheck !== 'off') warnIfUnproven(engine.version);
    state.set(this, { options, engine });
  }

  /** Returns a new conversation. Its first run creates it. */
  startThread(options: ThreadOptions = {}): Thread {
    checkOptions('Codex.startThread', options, {});
    return new Thread({ ...state.of(this), thread: options }, null);
  }

  /**
   * Resumes a thread by its `thread.id`. The engine keeps threads in `CODEX_HOME` (default: `~/.codex`). If the id is
   * empty or begins with "-", `run()` rejects with a TypeError and no engine is started. The engine takes any other
   * word that is not a UUID for a thread's name, and starts a new thread if it knows no such name.
   */
  resumeThread(id: string, options: ThreadOptions = {}): Thread {
    checkOptions('Codex.resumeThread', options, {});
    return new Thread({ ...state.of(this), thread: options }, id);
  }

  /** Runs `codex login --device-auth` with this client's engine and environment; see `loginWithDeviceCode`. */
  async loginWithDeviceCode(options: DeviceCodeOptions = {}): Promise<number> {
    checkOptions('Codex.loginWithDeviceCode', options, {});
    const { engine, options: own } = state.of(this);
    return await loginWithDeviceCode({ ...options, executablePath: engine.bin, env: execEnv(own, engine.pathDirs) });
  }

  /** See the function `install`. */
  static async install(options: InstallOptions): Promise<CodexInstallResult> {
    return await install(options);
  }

  /** See the function `loginWithAuthJson`. */
  static async loginWithAuthJson(options: AuthJsonOptions = {}): Promise<string> {
    return await loginWithAuthJson(options);
  }
}

showCallers(Codex);
showCallers(Codex.prototype);
inspectAs(Codex, (codex) => ({ engine: state.of(codex).engine.bin }));
oneClassInAllCopies({ 'exec.Codex': Codex });

/** As the official client, it starts whatever is named, and says then what is wrong with it. */
function named(codexPathOverride: string): ResolvedCodex {
  const behind = engineBehindShim(resolve(codexPathOverride));
  return behind ? { bin: behind.path, pathDirs: behind.pathDirs } : { bin: codexPathOverride, pathDirs: [] };
}
