import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { withPathDirs } from '../../sdk/client/launch.ts';
import { resolveCodexBin } from '../../sdk/client/resolve-codex-bin.ts';
import { fromCaller, showCallers } from '../../sdk/errors/callers-line.ts';
import { homeFolder, userName } from '../../sdk/host/folders.ts';
import { Codex, type CodexConfig } from '../../sdk/index.ts';
import { endProcesses } from '../engine/end-processes.ts';
import { writeLauncher } from '../engine/launcher.ts';
import { processAlive, processesGone } from '../engine/process-alive.ts';
import { opening, type Releases } from '../engine/releases.ts';
import { makeRunFolder } from '../engine/run-folder.ts';
import { engineStarts, readWireLog, type WireRecord } from '../engine/wire-log.ts';
import { writeWhole } from '../files/write-whole.ts';
import { knownSecrets } from './known-secrets.ts';
import { recordingText } from './recording.ts';
import { createRedactor, type PrivateFacts } from './redactor.ts';

/** Options of `record()`. */
export interface RecordOptions {
  /**
   * The file to write, for `replay()`. Its folder is created; an existing file is replaced once everything is recorded.
   */
  file: string;
  /** Path of the engine. Default: that of the optional peer `@openai/codex`. */
  codexBin?: string;
  /** Texts that must not be in the file, besides those that are found automatically. */
  secrets?: readonly string[];
}

/** The result of `finish()`. */
export interface Recording {
  file: string;
  /** Lines after the header. */
  lines: number;
  /** How much was removed, by kind: `secret`, `credential`, `path`, `user`, `host`. */
  redacted: Readonly<Record<string, number>>;
}

/** An engine whose conversation is recorded. */
export interface Recorder {
  /** Path of the engine for `new Codex({ codexBin, env })`, or for another program. */
  readonly codexBin: string;
  /** Environment with the engine's bundled tools on PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Returns a client of this engine; `finish()` and `close()` close it. */
  codex(config?: CodexConfig): Codex;
  /**
   * Closes the clients that `codex()` created, and writes the file.
   * @throws Error if the engine was never started or is still running, or two ran at the same time; the file is then
   * unchanged
   */
  finish(): Promise<Recording>;
  /** Discards the recording. May be called twice; after `finish()` it does nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How long an engine whose client is gone may take to exit. */
const endMs = 10_000;

/**
 * Records your program's own runs with its own engine, account and model: a tee between client and engine writes down
 * every message. Before anything is kept, these are removed: keys and tokens by their form, the values of secret
 * environment variables and of `auth.json`, home and working folders, the names of user and machine. Until `finish()`,
 * the raw conversation is in a folder of the temp folder that only this user can read. Not found: a secret that arrives
 * in pieces over several messages.
 * @throws Error on Windows; LaunchError if there is no engine
 */
export async function record(options: RecordOptions): Promise<Recorder> {
  return await fromCaller(record, async () => {
    const engine = resolveCodexBin(options.codexBin, 'codexBin');
    return await opening((releases) => openRecorder(options, engine, releases));
  });
}

async function openRecorder(
  options: RecordOptions,
  { bin, pathDirs }: ReturnType<typeof resolveCodexBin>,
  releases: Releases,
): Promise<Recorder> {
  const folder = await makeRunFolder(releases);
  const log = join(folder.root, 'wire.jsonl');
  const codexBin = await writeLauncher({ engine: bin, log, folder: folder.root, envPattern: '' });
  const { PATH } = withPathDirs(process.env, pathDirs);
  const env: Record<string, string> = pathDirs.length > 0 && PATH !== undefined ? { PATH } : {};
  const clients: Codex[] = [];
  const closeClients = () => Promise.all(clients.map((client) => client.close()));
  const running = () =>
    engineStarts(readWireLog(log)).flatMap(
      ({ pid, tee }) => [pid, tee].filter((one) => one !== null && processAlive(one)) as number[],
    );
  releases.add(() => endProcesses(running, endMs));
  releases.add(closeClients);
  const close = async () => await releases.run();
  // A login during the run changes it, and both states are secret.
  const before = knownSecrets();
  return showCallers({
    codexBin,
    env,
    codex(config: CodexConfig = {}) {
      const client = new Codex({ codexBin, ...config, env: { ...env, ...config.env } });
      clients.push(client);
      return client;
    },
    async finish() {
      const { file } = options;
      try {
        await closeClients();
        if (!(await processesGone(running(), endMs))) {
          const got = `process ${running().join(', ')}, which still runs`;
          throw new Error(expectedGot(`recording ${file}`, 'an engine that has ended', got, 'Close its client first'));
        }
        const records = readWireLog(log);
        if (records.length === 0)
          throw new Error(expectedGot(`recording ${file}`, 'an engine that was started', 'none'));
        const facts = privateFacts(records, [...before, ...(options.secrets ?? [])]);
        const redactor = createRedactor(facts);
        const { text, lines } = recordingText(records, basename(file).replace(/\.[^.]*$/, ''), redactor);
        const left = facts.secrets.findIndex((secret) => text.includes(secret));
        if (left >= 0)
          throw new Error(
            expectedGot(
              `recording ${file}`,
              'none of the known secrets',
              `number ${left + 1} of ${facts.secrets.length}`,
            ),
          );
        await writeWhole(file, text);
        return { file, lines, redacted: redactor.counts };
      } finally {
        await close();
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

const codexHomeOf = (env: Readonly<Record<string, string | undefined>>): string =>
  env.CODEX_HOME || join(env.HOME || (homeFolder() ?? '/'), '.codex');

/** What the engines' own environments reveal about secrets and folders. */
function privateFacts(records: readonly WireRecord[], secrets: readonly string[]): PrivateFacts {
  const found = new Set(secrets);
  const paths: [string, string][] = [];
  const spawns = records.filter((record) => record.ch === 'spawn');
  for (const { env, cwd } of spawns) {
    const codexHome = codexHomeOf(env);
    for (const secret of knownSecrets(env)) found.add(secret);
    if (cwd !== undefined) paths.push([cwd, '<workspace>']);
    paths.push([codexHome, '<codexHome>']);
    if (env.HOME !== undefined) paths.push([env.HOME, '<home>']);
    if (env.TMPDIR !== undefined) paths.push([env.TMPDIR.replace(/\/$/, ''), '<tmp>']);
  }
  paths.push([homeFolder() ?? '', '<home>']);
  // A container's user may have no name to remove.
  return { secrets: [...found].filter((one) => one !== ''), paths, user: userName() ?? '', host: hostname() };
}
