import { fromCaller } from '../../errors/callers-line.ts';
import { checkArgument, checkOptions, object } from '../../options/check-options.ts';
import { type CodexInstallResult, type InstallOptions, installRules } from './install-options.ts';

/**
 * Installs an engine (Python: `Codex.install`). There is no default source: you decide where it comes from, and whether
 * to trust it (`sha256`). The engine appears whole or not at all.
 * @throws CodexInstallError if it cannot be downloaded, or its archive is not as expected; what was there before is
 * unchanged
 * @throws AbortError if `signal` fired
 */
export async function install(options: InstallOptions): Promise<CodexInstallResult> {
  return await fromCaller(install, async () => {
    checkArgument('options', options, object);
    checkOptions('install', options, installRules);
    const { installEngine } = await import('./install-engine.ts');
    return await installEngine(options);
  });
}
