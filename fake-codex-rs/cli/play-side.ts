import type { Exit } from '../replay/player.ts';
import type { SideCommand } from './parse-argv.ts';
import type { SideRun } from './side-run.ts';

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
