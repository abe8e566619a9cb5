import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { packageRoot } from '../../native/package-root.mjs';
import { showCallers } from '../../sdk/errors/callers-line.ts';
import { Codex, type CodexConfig } from '../../sdk/index.ts';
import { endProcesses } from '../engine/end-processes.ts';
import { loggedEnvKeys, writeNodeLauncher } from '../engine/launcher.ts';
import { processAlive, processesGone } from '../engine/process-alive.ts';
import type { Releases } from '../engine/releases.ts';
import type { RunFolder } from '../engine/run-folder.ts';
import { engineStarts, readWireLog } from '../engine/wire-log.ts';
import type { JsonObject } from '../json/json.ts';
import { writeJson } from '../json/write-json.ts';
import { PlayError, type PlayReport, readPlay } from './play-report.ts';

/**
 * The fake engine in one file. It is in the package, and in the repository once `npm run build` or `npm test` has built
 * it.
 */
const fakeBundle = () => join(packageRoot(), 'dist/fake-codex-rs.mjs');

/** How long an engine whose client is gone may take to exit. */
const endMs = 5000;

/** An engine that plays a script or recording, as a program that any client can start. */
export interface PlayedEngine {
  /**
   * Path of the engine for `new Codex({ codexBin, env })`, or for another program.
   * @throws Error on Windows, where a script cannot be started as a program; `config` and `codex()` work there too
   */
  readonly codexBin: string;
  /** Environment that keeps the engine in its own folders. */
  readonly env: Readonly<Record<string, string>>;
  /** The configuration that `codex()` passes to the client. */
  readonly config: CodexConfig;
  /** Returns a client of this engine; `finish()` and `close()` close it. */
  codex(config?: CodexConfig): Codex;
  /**
   * Closes the clients that `codex()` created, checks that everything was played, and cleans up.
   * @throws PlayError if the client sent something unexpected or did not send something expected; it names the nearest
   * match and the first difference
   * @throws Error if an engine is still running because its client was not closed
   */
  finish(): Promise<PlayReport>;
  /** Ends everything and removes the files, without a check. May be called twice, and after `finish()`. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What is played, and its name in errors. */
export interface Play {
  what: string;
  folder: RunFolder;
  /** The fake's options, except `log`, `paths` and `envKeys`. */
  options: JsonObject;
  /** Further problems of a complete play. */
  check?(report: PlayReport): string[];
  /** What was opened for it, to be released when it is closed. */
  releases: Releases;
}

/** The options of the fake for the folder that it works in, as a test names it. */
export const worksIn = (workspace: string | undefined): JsonObject => ({
  paths: { workspace: resolve(workspace ?? '.') },
  ...(workspace !== undefined && { workspace: resolve(workspace) }),
});

/** @throws Error if the bundle does not exist or the launcher cannot be written; what `releases` has is then the caller's */
export async function playEngine({ what, folder, options, check, releases }: Play): Promise<PlayedEngine> {
  const program = fakeBundle();
  if (!existsSync(program))
    throw new Error(expectedGot(`starting ${what}`, program, 'no such file', 'Run `npm run build`'));
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
  await writeFile(optionsFile, writeJson({ ...options, paths, log, envKeys: [...loggedEnvKeys] }));
  const nodeArgs = [program, '--replay-options', optionsFile];
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
  releases.add(() => endProcesses(running, endMs));
  releases.add(closeClients);
  const close = async () => await releases.run();
  return showCallers({
    get codexBin() {
      if (windows)
        throw new Error(expectedGot('reading codexBin', 'Linux or macOS', 'Windows', 'Use `config` or `codex()`'));
      return launcher;
    },
    env,
    config,
    codex(more: CodexConfig = {}) {
      const client = new Codex({ ...config, ...more, env: { ...env, ...more.env } });
      clients.push(client);
      return client;
    },
    async finish() {
      try {
        await closeClients();
        if (!(await processesGone(running(), endMs))) {
          const got = `process ${running().join(', ')}, which still runs`;
          throw new Error(expectedGot(`finishing ${what}`, 'an engine that has ended', got, 'Close its client first'));
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
  });
}
