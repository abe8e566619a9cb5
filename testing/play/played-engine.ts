import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Codex, type CodexConfig } from '../../sdk/index.ts';
import { loggedEnvKeys, writeNodeLauncher } from '../engine/launcher.ts';
import { processAlive, processesGone } from '../engine/process-alive.ts';
import type { RunFolder } from '../engine/run-folder.ts';
import { engineStarts, readWireLog } from '../engine/wire-log.ts';
import type { JsonObject } from '../json/json.ts';
import { PlayError, type PlayReport, readPlay } from './play-report.ts';

/** The fake engine in one file: it is in the package, and in the repository once `npm run build` or `npm test` has made it. */
export const fakeBundle: string = fileURLToPath(new URL('../../dist/fake-codex-rs.mjs', import.meta.url));

/** How long an engine whose client is gone may take to end. */
const endMs = 5000;

/** An engine that plays a part, as a program that any client can start. */
export interface PlayedEngine {
  /**
   * For `new Codex({ codexBin, env })`, or for another program's setting.
   * @throws Error on Windows, where no script can stand as a program: `config` and `codex()` work there as well
   */
  readonly codexBin: string;
  /** Environment that keeps the engine in folders of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** What `codex()` gives the client. */
  readonly config: CodexConfig;
  /** A client of this engine; `finish()` and `close()` close it. */
  codex(config?: CodexConfig): Codex;
  /**
   * Closes the clients that `codex()` made, checks that all was played, and removes what there was.
   * @throws PlayError when the client sent what nobody awaited, or did not send what was awaited; it says the nearest match and the first difference
   * @throws Error when an engine still runs: its client was not closed
   */
  finish(): Promise<PlayReport>;
  /** Ends everything and removes the files, without a check. Idempotent; after `finish()` it does nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What is played, and how it is called in errors. */
export interface Play {
  what: string;
  folder: RunFolder;
  /** The fake's options but for `log`, `paths` and `envKeys`. */
  options: JsonObject;
  /** Further problems of a whole play. */
  check?(report: PlayReport): string[];
  /** Ended last. */
  onClose?(): Promise<void>;
}

/** @throws Error when the bundle is not there or the launcher cannot be written; nothing is left then. */
export async function playEngine(play: Play): Promise<PlayedEngine> {
  try {
    if (!existsSync(fakeBundle))
      throw new Error(`Starting ${play.what}: no ${fakeBundle}; wanted \`npm run build\` before it`);
    return await startPlay(play);
  } catch (error) {
    await play.onClose?.();
    await play.folder.remove();
    throw error;
  }
}

async function startPlay({ what, folder, options, check, onClose }: Play): Promise<PlayedEngine> {
  const log = join(folder.root, 'wire.jsonl');
  const optionsFile = join(folder.root, 'fake.json');
  const { root, home, codexHome, tmp, env } = folder;
  const launcher = join(root, 'codex');
  const paths = {
    workspace: process.cwd(),
    ...(options.paths as JsonObject | undefined),
    root,
    home,
    codexHome,
    tmp,
    launcher,
  };
  await writeFile(optionsFile, JSON.stringify({ ...options, paths, log, envKeys: [...loggedEnvKeys] }));
  const nodeArgs = [fakeBundle, '--replay-options', optionsFile];
  const windows = process.platform === 'win32';
  if (!windows) await writeNodeLauncher(root, nodeArgs);
  const command = [process.execPath, ...nodeArgs, 'app-server', '--listen', 'stdio://'];
  const config: CodexConfig = windows ? { launchArgsOverride: command, env } : { codexBin: launcher, env };
  const clients: Codex[] = [];
  const closeClients = () => Promise.all(clients.map((client) => client.close()));
  const running = () =>
    engineStarts(readWireLog(log)).flatMap(({ pid, exited }) =>
      pid === null || exited || !processAlive(pid) ? [] : [pid],
    );

  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= (async () => {
      await closeClients();
      const pids = running();
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await processesGone(pids, endMs);
      await onClose?.();
      await folder.remove();
    })();
    return closed;
  };
  return {
    get codexBin() {
      if (windows) throw new Error('codexBin: Windows has none; wanted `config`, or `codex()`, which work everywhere');
      return launcher;
    },
    env,
    config,
    codex(more = {}) {
      const client = new Codex({ ...config, ...more, env: { ...env, ...more.env } });
      clients.push(client);
      return client;
    },
    async finish() {
      try {
        await closeClients();
        if (!(await processesGone(running(), endMs))) {
          throw new Error(
            `Finishing ${what}: the engine (process ${running().join(', ')}) still runs; close its client first`,
          );
        }
        const { report, problems } = readPlay(readWireLog(log));
        if (report.starts === 0 && problems.length === 0) problems.push('the client has never started the engine');
        if (problems.length === 0) problems.push(...(check?.(report) ?? []));
        if (problems.length > 0) throw new PlayError(what, problems, report);
        return report;
      } finally {
        await close();
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
