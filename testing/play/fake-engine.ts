import { fromCaller, showCallers } from '../../sdk/errors/callers-line.ts';
import { opening } from '../engine/releases.ts';
import { makeRunFolder } from '../engine/run-folder.ts';
import type { JsonValue } from '../json/json.ts';
import { startLatchServer } from '../loopback/latches.ts';
import { readScript } from './check-script.ts';
import { type PlayedEngine, playEngine, worksIn } from './played-engine.ts';
import type { ScriptStep } from './script-types.ts';

/** Options of `fakeEngine()`. */
export interface FakeEngineOptions {
  /** The folder that the engine claims to work in. Default: the one that the client starts it in. */
  workspace?: string;
}

/** A fake engine that plays a script. */
export interface FakeEngine extends PlayedEngine {
  /** Lets a step with `hold: name` or `wait: name` continue. Later steps with this name do not wait. */
  release(name: string): void;
  /**
   * Resolves once the engine waits at that latch, or has waited: everything before it has been sent. @throws Error if
   * it is closed first
   */
  reached(name: string): Promise<void>;
}

/** Dates in texts: the same in each run. */
const moment = Date.UTC(2026, 0, 1);

/**
 * Starts a program that plays the engine from a script, including faults. It needs no model, no account and no network.
 * The handshake is played automatically, and messages are filled in from the engine's contract, so that a script states
 * only what matters.
 * ```ts
 * import { fakeEngine } from 'twinproof/testing';
 *
 * await using engine = await fakeEngine([
 *   { auto: ['thread/start'] },
 *   { expect: 'turn/start' },
 *   { answer: 'turn/start' },
 *   { send: 'item/completed', params: { item: { type: 'agentMessage', text: 'All good.' } } },
 *   { send: 'turn/completed' },
 * ]);
 * const { finalResponse } = await (await engine.codex().threadStart()).run('Review this.');
 * await engine.finish();
 * ```
 * @param script steps (docs/script-format.md), as a list or as YAML (needs the package `yaml`)
 * @throws Error if a step contains a mistake
 */
export async function fakeEngine(
  script: string | readonly ScriptStep[],
  options: FakeEngineOptions = {},
): Promise<FakeEngine> {
  return await fromCaller(fakeEngine, () => openFake(script, options));
}

async function openFake(script: string | readonly ScriptStep[], options: FakeEngineOptions): Promise<FakeEngine> {
  const steps = await readScript(script);
  const wanted = 1 + steps.filter((step) => 'start' in step).length;
  return opening(async (releases) => {
    const folder = await makeRunFolder(releases);
    const latches = await startLatchServer();
    releases.add(latches.close);
    const engine = await playEngine({
      what: 'The script of the fake engine',
      folder,
      releases,
      options: {
        script: steps as JsonValue[],
        control: latches.url,
        moment,
        ...worksIn(options.workspace),
      },
      check: ({ starts }) =>
        starts < wanted ? [`the client started the engine ${starts} times; the script does so ${wanted} times`] : [],
    });
    // The engine's own property descriptors are kept: `codexBin` is a getter.
    const reached = async (name: string) => await latches.reached(name);
    return Object.assign(engine, showCallers({ release: latches.release, reached }));
  });
}
