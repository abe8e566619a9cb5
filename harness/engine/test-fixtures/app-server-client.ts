import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { JsonObject } from '../../../testing/json/json.ts';
import { baseEnv } from '../cell-env.ts';
import type { RunningCell } from '../types.ts';

export interface Message extends JsonObject {
  method: string;
  params: JsonObject;
}

/** The least client of the engine: enough to run turns in the tests of a cell. */
export interface AppServerClient {
  request(method: string, params: JsonObject): Promise<JsonObject>;
  /** The first notification that passes, also one that came before. Rejects when the engine ends without it. */
  seen(passes: (message: Message) => boolean): Promise<Message>;
  close(): Promise<void>;
}

/** Starts the engine of a cell and shakes hands. `env` comes on top of the cell's own. */
export async function startAppServer(cell: RunningCell, env: Record<string, string> = {}): Promise<AppServerClient> {
  const child = execa(cell.codexBin, ['app-server', '--listen', 'stdio://'], {
    cwd: cell.paths.workspace,
    env: { ...baseEnv(), ...cell.env, ...env },
    extendEnv: false,
    reject: false,
    buffer: false,
  });
  child.stderr.resume();
  const notifications: Message[] = [];
  const answers = new Map<number, (message: JsonObject) => void>();
  const watchers = new Set<() => void>();
  let ended = false;
  const notify = () => {
    for (const watcher of watchers) watcher();
  };
  createInterface({ input: child.stdout })
    .on('line', (line) => {
      const message = JSON.parse(line) as JsonObject;
      if (typeof message.id === 'number' && !('method' in message)) answers.get(message.id)?.(message);
      else notifications.push(message as Message);
      notify();
    })
    .on('close', () => {
      ended = true;
      notify();
    });
  let next = 0;
  const send = (message: JsonObject) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const client: AppServerClient = {
    async request(method, params) {
      const id = next++;
      const answer = new Promise<JsonObject>((resolve) => answers.set(id, resolve));
      send({ id, method, params });
      const message = await answer;
      if ('error' in message) throw new Error(`${method}: ${JSON.stringify(message.error)}`);
      return message.result as JsonObject;
    },
    seen: (passes) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = notifications.find(passes);
          if (!found && !ended) return;
          watchers.delete(look);
          if (found) resolve(found);
          else reject(new Error(`The engine ended after ${notifications.map((one) => one.method).join(' ')}`));
        };
        watchers.add(look);
        look();
      }),
    async close() {
      child.stdin.end();
      await child;
    },
  };
  await client.request('initialize', { clientInfo: { name: 'cell_test', title: 'Cell test', version: '0' } });
  send({ method: 'initialized' });
  return client;
}
