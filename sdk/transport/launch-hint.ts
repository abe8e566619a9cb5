import { existsSync } from 'node:fs';
import type { Launch } from './stdio.ts';

/** What the system's own words for a failed start do not say: to be put behind them. */
export function launchHint(
  { command, cwd }: Pick<Launch, 'command' | 'cwd'>,
  platform: NodeJS.Platform = process.platform,
): string {
  // A missing folder shows as a missing program.
  if (cwd !== undefined && !existsSync(cwd)) return `: the working directory ${cwd} does not exist`;
  if (platform === 'win32' && /\.(?:cmd|bat)$/i.test(command))
    return ': Node starts no .cmd or .bat file; give the codex.exe that it calls';
  return '';
}
