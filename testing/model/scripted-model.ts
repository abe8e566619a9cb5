import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { fromCaller, showCallers } from '../../sdk/errors/callers-line.ts';
import { Codex, type CodexConfig } from '../../sdk/index.ts';
import { opening, type Releases } from '../engine/releases.ts';
import { makeRunFolder } from '../engine/run-folder.ts';
import { Latches } from '../loopback/latches.ts';
import { engineConfig } from './engine-config.ts';
import type { ModelAnswer } from './model-answer.ts';
import type { ModelRequest } from './model-request.ts';
import { startModelServer } from './model-server.ts';

/** Options of `scriptedModel()`. */
export interface ScriptedModelOptions {
  /** Path of the engine. Default: that of the optional peer `@openai/codex`. */
  codexBin?: string;
  /** Files of the working directory, by relative path. Default: none. */
  workspace?: Readonly<Record<string, string>>;
  /** More lines for the engine's `config.toml`, such as `features.NAME = true`. */
  config?: string;
}

/** A model that says what the test wants, and the real engine's environment for it. */
export interface ScriptedModel {
  /** Pass it to `new Codex(config)`: engine, environment, working directory. */
  readonly config: CodexConfig;
  /** The engine's working directory, an absolute path. */
  readonly workspace: string;
  /** The engine's requests to the model, in order. */
  readonly requests: readonly ModelRequest[];
  /** Returns a client of this engine; `finish()` and `close()` close it. */
  codex(config?: CodexConfig): Codex;
  /** Lets an answer with `hold: name` continue. Later answers with this name do not wait. */
  release(name: string): void;
  /** Resolves once the model has received `n` requests. @throws Error if it is closed first */
  requested(n: number): Promise<void>;
  /**
   * Closes the clients and removes everything. @throws Error if an answer was not requested, or the engine requested
   * one too many
   */
  finish(): Promise<void>;
  /** Closes the clients and removes everything, without a check. May be called twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Runs the real engine with a scripted model: one answer for each request that the engine makes. The engine gets its
 * own home and configuration, which keep it on this machine. It needs no account and no key.
 * ```ts
 * import { scriptedModel } from 'twinproof/testing';
 *
 * await using model = await scriptedModel([{ message: 'All good.' }]);
 * const thread = await model.codex().threadStart();
 * const { finalResponse } = await thread.run('Review this.');
 * ```
 * @throws Error if a workspace path leads outside, or `config` would let the engine use the network
 */
export async function scriptedModel(
  answers: readonly ModelAnswer[],
  setup: ScriptedModelOptions = {},
): Promise<ScriptedModel> {
  return await fromCaller(scriptedModel, () => opening((releases) => openModel(answers, setup, releases)));
}

async function openModel(
  answers: readonly ModelAnswer[],
  setup: ScriptedModelOptions,
  releases: Releases,
): Promise<ScriptedModel> {
  const latches = new Latches();
  const unforeseen: string[] = [];
  const waiting = new Set<{ n: number; resolve(): void; reject(cause: Error): void }>();
  const folder = await makeRunFolder(releases);
  const model = await startModelServer({
    answers,
    latches,
    onMark: (mark) => void unforeseen.push(mark),
    onRequest({ n }) {
      for (const one of waiting) if (n >= one.n && waiting.delete(one)) one.resolve();
    },
  });
  releases.add(() => {
    for (const { n, reject } of waiting) reject(new Error(`scriptedModel: closed before request ${n} came`));
  });
  releases.add(model.close);
  const clients: Codex[] = [];
  releases.add(() => Promise.all(clients.map((client) => client.close())));
  const close = async () => await releases.run();

  const workspace = join(folder.root, 'workspace');
  await mkdir(workspace);
  for (const [file, text] of Object.entries(setup.workspace ?? {})) {
    const path = inside(workspace, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  await writeFile(join(folder.codexHome, 'config.toml'), engineConfig(`${model.url}/v1`, setup.config));
  const env = { ...folder.env, SCRIPTED_KEY: 'a-key-that-opens-nothing' };
  const config: CodexConfig = {
    cwd: workspace,
    env,
    ...(setup.codexBin === undefined ? {} : { codexBin: setup.codexBin }),
  };
  return showCallers({
    config,
    workspace,
    requests: model.requests,
    codex(more: CodexConfig = {}) {
      const client = new Codex({ ...config, ...more, env: { ...env, ...more.env } });
      clients.push(client);
      return client;
    },
    release: (name: string) => latches.release(name),
    async requested(n: number) {
      if (model.requests.length >= n) return;
      await new Promise<void>((resolve, reject) => waiting.add({ n, resolve, reject }));
    },
    async finish() {
      await close();
      const left = model.unconsumed();
      const problems =
        left.length > 0
          ? [`${left.length} of ${answers.length} answers were not asked for, first ${JSON.stringify(left[0])}`]
          : [];
      problems.push(...unforeseen);
      if (problems.length > 0)
        throw new Error(`The scripted model and the engine do not agree: ${problems.join('; ')}`);
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

function inside(workspace: string, file: string): string {
  const path = resolve(workspace, file);
  const way = relative(workspace, path);
  if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return path;
  throw new Error(
    expectedGot('writing a workspace file', 'a relative path inside the workspace', JSON.stringify(file)),
  );
}
