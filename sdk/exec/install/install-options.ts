import { signal as aSignal, flag, type RulesFor, text } from '../../options/check-options.ts';

/** Options of `install()`. Python has defaults for the two that are required here besides `version`. */
export interface InstallOptions {
  /** The release, as it appears in the URL. */
  version: string;
  /** Where the releases are: the archive is at `<baseUrl>/<version>/<filename>`. `http:`, `https:` or `file:`. */
  baseUrl: string;
  /** Where to put the engine; created if it does not exist. `~` is the home folder. */
  installDir: string;
  /** Default: `codex-<target>.tar.gz`, on Windows `codex-<target>.exe.tar.gz`. */
  filename?: string;
  /** SHA-256 of the archive. Default: it is not checked. */
  sha256?: string;
  /** Whether to replace an existing engine. Default: false. */
  overwrite?: boolean;
  /** Stops the installation and leaves nothing behind. */
  signal?: AbortSignal;
}

export const installRules: RulesFor<InstallOptions> = {
  version: text,
  baseUrl: text,
  installDir: text,
  filename: text,
  sha256: text,
  overwrite: flag,
  signal: aSignal,
};

/** The result of `install()` (Python: `CodexInstallResult`). */
export interface CodexInstallResult {
  /** An absolute path; pass it as `codexPathOverride`. */
  codexPath: string;
  /** False if an engine was already there. */
  installed: boolean;
}
