import { existsSync } from 'node:fs';

/** A program to start, without a shell. */
export interface Launch {
  command: string;
  args: string[];
  cwd: string | undefined;
  /** The whole environment of the process. */
  env: NodeJS.ProcessEnv;
}

/** What the system's own message about a failed start leaves out; appended to it. */
export function launchHint(
  { command, cwd }: Pick<Launch, 'command' | 'cwd'>,
  platform: NodeJS.Platform = process.platform,
): string {
  // A missing working directory looks like a missing program.
  if (cwd !== undefined && !existsSync(cwd)) return `: the working directory ${cwd} does not exist`;
  if (platform === 'win32' && /\.(?:cmd|bat)$/i.test(command))
    return ': Node starts no .cmd or .bat file; give the codex.exe that it calls';
  return '';
}
