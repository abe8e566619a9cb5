import { lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { FakeError } from '../../fake-error.ts';

/** System errors in the engine's words, which do not mention the address. */
const words: Record<string, string> = {
  EADDRINUSE: 'Address in use (os error 98)',
  EADDRNOTAVAIL: 'Address not available (os error 99)',
  EACCES: 'Permission denied (os error 13)',
  ENOENT: 'No such file or directory (os error 2)',
};

/**
 * Resolves when the server listens.
 * @throws FakeError (exit 1) if it cannot
 */
export async function bound(server: Server, options: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) =>
      reject(
        new FakeError(`Error: ${words[cause.code ?? ''] ?? cause.message}`, { exitCode: 1, asEngine: true, cause }),
      );
    server.once('error', fail).listen(options, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

/**
 * Listens on a unix socket that only its owner may use, and removes it when this process exits. A socket left by a
 * killed engine is taken over.
 * @throws FakeError (exit 1) in the engine's words if the path is something else, or another engine listens there
 */
export async function listenOnUnix(server: Server, path: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined) {
    if (!there.isSocket()) throw refused(`app-server control socket path exists and is not a socket: ${path}`);
    if (await answers(path)) throw refused(`app-server control socket is already in use at ${path}`);
    rmSync(path, { force: true });
  }
  // The socket belongs to its owner alone from the first moment, and whoever sees it can connect: it gets its name when
  // it is ready.
  const beside = join(dirname(path), `.${process.pid}`);
  const before = process.umask(0o177);
  try {
    await bound(server, { path: beside });
  } finally {
    process.umask(before);
  }
  renameSync(beside, path);
  process.once('exit', () => rmSync(path, { force: true }));
}

/** Where the engine listens for `unix://` without a path. */
export function ownSocket(): string {
  const path = join(
    process.env.CODEX_HOME ?? join(homedir(), '.codex'),
    'app-server-control',
    'app-server-control.sock',
  );
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return path;
}

async function answers(path: string): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

const refused = (text: string): FakeError => new FakeError(`Error: ${text}`, { exitCode: 1, asEngine: true });
