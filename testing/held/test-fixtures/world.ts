import { Codex, type Thread } from '../../../sdk/index.ts';
import { Autopilot } from './autopilot.ts';

export interface World {
  engine: Autopilot;
  codex: Codex;
  thread: Thread;
}

/** A connected client with a thread. @param home a folder for what the engine would keep */
export async function world(home: string): Promise<World> {
  const engine = new Autopilot(home);
  const codex = new Codex(engine.config);
  const thread = await codex.threadResume('th');
  return { engine, codex, thread };
}
