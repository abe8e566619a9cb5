import { join } from 'node:path';
import { Codex as ExecCodex } from '../../sdk/exec.ts';
import { type Codex, CodexError } from '../../sdk/index.ts';
import { type ModelAnswer, type ScriptedModel, type ScriptedModelOptions, scriptedModel } from '../../testing/index.ts';

/** An engine to call. */
export interface CalledEngine {
  version: string;
  path: string;
}

/** What a call came to, in one line. */
export interface CallLine {
  call: string;
  line: string;
}

/** A few calls on one engine with one scripted model. */
export interface Scene {
  answers?: readonly ModelAnswer[];
  /** More lines of the engine's settings. */
  config?: string;
  workspace?: ScriptedModelOptions['workspace'];
  play(stage: Stage): Promise<void>;
}

/** Where a scene is played. */
export class Stage {
  readonly model: ScriptedModel;
  readonly engine: CalledEngine;
  readonly codex: Codex;
  readonly lines: CallLine[] = [];

  constructor(model: ScriptedModel, engine: CalledEngine) {
    this.model = model;
    this.engine = engine;
    this.codex = model.codex();
  }

  /** Makes a call and notes what came of it. A call that fails ends the scene, and its line says how. */
  readonly call = async <T>(name: string, work: () => T | Promise<T>, show: (value: T) => unknown): Promise<T> => {
    try {
      const value = await work();
      this.#note(name, JSON.stringify(show(value)) ?? 'undefined');
      return value;
    } catch (error) {
      this.#note(name, said(error));
      throw new SceneEnd(name, { cause: error });
    }
  };

  /** Makes a call that must fail, and notes how it does. */
  readonly fails = async (name: string, work: () => unknown): Promise<void> => {
    try {
      this.#note(name, `expected an error, got ${JSON.stringify(await work())}`);
    } catch (error) {
      this.#note(name, said(error));
    }
  };

  /** A client of `codex exec` beside the app-server. */
  exec(): ExecCodex {
    const env = { ...this.model.config.env, PATH: process.env['PATH'] ?? '' };
    return new ExecCodex({ codexPathOverride: this.engine.path, env });
  }

  #note(call: string, text: string): void {
    const root = join(this.model.workspace, '..');
    const line = text
      .replaceAll(root, '<root>')
      .replaceAll(this.engine.path, '<engine>')
      .replaceAll(`codex ${this.engine.version}`, 'codex <version>')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]+/g, '<model>');
    this.lines.push({ call, line });
  }
}

class SceneEnd extends Error {}

/** Class, kind and text of an error. The engine's text may list all of its methods: the beginning tells. */
function said(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${JSON.stringify(error)}`;
  const { name, message } = error;
  const about = error instanceof CodexError ? `${name} ${error.kind}${error.retryable ? ' retryable' : ''}` : name;
  // What the engine writes to stderr depends on the machine.
  const [first = ''] = message.split(/\n|(?<=stderr_tail=)/);
  return `${about}: ${first.length > 200 ? `${first.slice(0, 200)}…` : first}`;
}

/** Plays the scenes on one engine, one after the other, and returns a line for each call. */
export async function playScenes(scenes: readonly Scene[], engine: CalledEngine): Promise<CallLine[]> {
  const lines: CallLine[] = [];
  for (const { answers = [], config, workspace, play } of scenes) {
    const options = { codexBin: engine.path, ...(config && { config }), ...(workspace && { workspace }) };
    await using model = await scriptedModel(answers, options);
    const stage = new Stage(model, engine);
    try {
      await play(stage);
    } catch (error) {
      if (!(error instanceof SceneEnd)) throw error;
    }
    lines.push(...stage.lines);
  }
  return lines;
}
