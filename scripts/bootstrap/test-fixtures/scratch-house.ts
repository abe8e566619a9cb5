import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a run of the set-up ended. */
interface Ending {
  code: number | null;
  output: string;
}

/** An empty repository folder whose npm and Python are one tiny program; set-up runs in it as a process of its own. */
export class ScratchHouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'twinproof-setup-'));
  readonly root = join(this.folder, 'house');
  readonly #bin = join(this.folder, 'bin');
  readonly #log = join(this.folder, 'starts.log');
  readonly #server: Server = createServer();

  /** The file of a lock in place of the committed one. */
  engineLock: string | undefined;

  constructor() {
    for (const folder of [this.#bin, join(this.root, 'python-golden')]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(this.root, 'package-lock.json'), '{}\n');
    writeFileSync(join(this.root, 'python-golden/requirements.lock'), '# none\n');
    const program = join(this.#bin, 'npm-cli.js');
    writeFileSync(join(this.#bin, 'package.json'), '{ "type": "module" }\n');
    copyFileSync(join(import.meta.dirname, 'fake-program.mjs'), program);
    writeFileSync(this.python, `#!/bin/sh\nFAKE_SELF="$0" exec '${process.execPath}' '${program}' "$@"\n`, {
      mode: 0o755,
    });
  }

  get python(): string {
    return join(this.folder, 'python');
  }

  /** Set-up for `needs`, with `env` on top of an environment without a PATH. */
  start(needs: string, env: Record<string, string> = {}) {
    const lock = this.engineLock === undefined ? [] : [this.engineLock];
    const address = this.#server.address();
    const child = spawn(process.execPath, [join(import.meta.dirname, 'run-bootstrap.mjs'), this.root, needs, ...lock], {
      env: {
        PATH: '',
        npm_execpath: join(this.#bin, 'npm-cli.js'),
        TWINPROOF_PYTHON: this.python,
        FAKE_LOG: this.#log,
        FAKE_PORT: address !== null && typeof address === 'object' ? String(address.port) : '0',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    const ended: Promise<Ending> = once(child, 'close').then(([code]) => ({ code, output }));
    return { child, ended };
  }

  run(needs: string, env: Record<string, string> = {}): Promise<Ending> {
    return this.start(needs, env).ended;
  }

  /** Must be called before starting one with FAKE_MODE=hang, whose connection lasts as long as it does. */
  async listen(): Promise<{ connection: Promise<Socket> }> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return { connection: once(this.#server, 'connection').then(([socket]) => socket as Socket) };
  }

  /** The programs started so far, by kind. */
  starts(): string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trim().split('\n') : [];
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  [Symbol.dispose](): void {
    this.#server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
