import { constants as fs, openSync } from 'node:fs';
import net from 'node:net';
import { constants } from 'node:os';
import { FakeProcess } from '../../proofs/mutation/worker/fake-process.ts';

/** How a client of another language asks for an engine: the first line that it says. The pipes are FIFOs. */
interface Start {
  root: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  stdin: string;
  stdout: string;
  stderr: string;
}

/**
 * Serves engines to the drivers of Python (python-golden/twinproof_driver/hosted_engine.py): the fake engine runs within this process, and its pipes end in
 * theirs. A connection is one process: it is told its id, passes signals on, and hears the exit code (negative: the number of a signal).
 */
export class EngineHost {
  readonly path: string;
  readonly #server: net.Server;
  readonly #connections = new Set<net.Socket>();

  private constructor(path: string) {
    this.path = path;
    this.#server = net.createServer((connection) => this.#serve(connection));
  }

  /** @param path of the socket; a hundred bytes at most */
  static async open(path: string): Promise<EngineHost> {
    const host = new EngineHost(path);
    await new Promise<void>((resolve, reject) => host.#server.once('error', reject).listen(path, resolve));
    return host;
  }

  close(): void {
    for (const connection of this.#connections) connection.destroy();
    this.#server.close();
  }

  #serve(connection: net.Socket): void {
    this.#connections.add(connection);
    connection.on('close', () => this.#connections.delete(connection)).on('error', () => undefined);
    let text = '';
    let engine: FakeProcess | undefined;
    connection.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const said = JSON.parse(text.slice(0, end)) as Start | { signal: NodeJS.Signals };
        text = text.slice(end + 1);
        if ('signal' in said) engine?.signal(said.signal);
        else engine = start(said, connection);
      }
    });
  }
}

function start({ root, args, cwd, env, ...names }: Start, connection: net.Socket): FakeProcess {
  const open = (name: string, mode: number) => openSync(name, mode | fs.O_NONBLOCK);
  const stdin = new net.Socket({ fd: open(names.stdin, fs.O_RDONLY), readable: true, writable: false });
  const [stdout, stderr] = [names.stdout, names.stderr].map(
    (name) => new net.Socket({ fd: open(name, fs.O_WRONLY), readable: false, writable: true }),
  ) as [net.Socket, net.Socket];
  const engine = new FakeProcess(root, args, env, cwd, (code, signal) => {
    // Later, as the system would tell: what it has written comes first.
    setImmediate(() => connection.end(`${signal === null ? (code ?? 0) : -constants.signals[signal]}\n`));
  });
  // Before anything that the engine says: the client opens its end of stdin once it has this.
  connection.write(`${engine.pid}\n`);
  stdin.on('error', () => stdin.destroy()).pipe(engine.stdin.input);
  engine.stdin.input.on('error', () => stdin.destroy());
  engine.stdin.broken.then(() => stdin.destroy());
  for (const [pipe, socket] of [
    [engine.stdout, stdout],
    [engine.stderr, stderr],
  ] as const) {
    socket.on('error', () => pipe.output.destroy());
    pipe.output.on('error', () => socket.destroy()).pipe(socket);
  }
  return engine;
}
