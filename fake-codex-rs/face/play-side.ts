import type { Closing } from '../replay/closing.ts';
import type { Exit } from '../replay/player.ts';
import type { WireLog } from '../wire/wire-log.ts';
import type { ReplayOptions } from './options.ts';
import type { SideCommand } from './parse-argv.ts';

/** A run beside the server's. */
export interface SideRun {
  options: ReplayOptions;
  /** How many such runs there were before: of `exec`, which a script has a part for, starts of the server count as well. */
  start: number;
  log: WireLog;
  closing: Closing;
}

/** Plays `exec`, `login`, `logout` or `generate-json-schema`. */
export async function playSide({ name, argv, overrides }: SideCommand, run: SideRun): Promise<Exit> {
  switch (name) {
    case 'exec': {
      const { playExec } = await import('./exec/play-exec.ts');
      return playExec({ argv, overrides, ...run });
    }
    case 'generate-json-schema': {
      const { playSchema } = await import('./schema/play-schema.ts');
      return playSchema(argv, run);
    }
    default: {
      const { playLogin } = await import('./login/play-login.ts');
      return playLogin(name, argv, run);
    }
  }
}
