import type { EngineCheck } from '../../native/check-engine.mjs';
import { type Token, tokenRule } from '../attach/token.ts';
import {
  anything,
  flag,
  lenient,
  object,
  oneOf,
  orNull,
  type RulesFor,
  signal,
  text,
} from '../options/check-options.ts';
import { type AnySchema, type OutputOptions, repairRule, schemaRule } from '../output/output-options.ts';

/** Whether the engine asks before it acts. `codex exec` has nobody to ask, so whatever it would ask for is declined. */
export type ApprovalMode = 'never' | 'on-request' | 'on-failure' | 'untrusted';

/** What commands may access. */
export type SandboxMode = 'read-only' | 'workspace-write' | 'danger-full-access';

/** How hard the model thinks before it answers. */
export type ModelReasoningEffort = 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | 'ultra' | 'persistent';

/** Where web searches get their pages: nowhere, a cache, or the live web. */
export type WebSearchMode = 'disabled' | 'cached' | 'live';

/** Experimental selection of the built-in OpenAI provider, for one turn. */
export type CyberAccessProgram = 'standard' | 'daybreak_blue' | 'daybreak_red';

/** The value of a setting; it becomes TOML. Numbers must be finite. */
export type CodexConfigValue = string | number | boolean | CodexConfigValue[] | CodexConfigObject;
/** Settings by key; nested ones become dotted keys. */
export type CodexConfigObject = { [key: string]: CodexConfigValue };

/** Options of `new Codex()` (Python: `CodexOptions`). */
export type CodexOptions = {
  /**
   * The engine to start. Default: what the variable `TWINPROOF_ENGINE` names, otherwise the one of the installed package `@openai/codex`, otherwise that of
   * `npx twinproof install`.
   */
  codexPathOverride?: string;
  /**
   * How the engine is checked. `warn`: a version that this package is not proven on is warned of, once per process. `strict`: the hash of the file must
   * also be that of a proven engine, or of one that `twinproof` has installed or built; otherwise a run fails with a `LaunchError`. `off`: neither. Default `warn`.
   */
  engineCheck?: EngineCheck;
  /** URL of the model's API, passed as `--config openai_base_url=…`. */
  baseUrl?: string;
  /** Passed in the environment as `CODEX_API_KEY`. */
  apiKey?: string;
  /** Settings: `{ a: { b: 1 } }` is passed as `--config a.b=1`, with the values as TOML. */
  config?: CodexConfigObject;
  /** Settings as `key=TOML`, passed unchanged, each as its own `--config`, after `config`: the later one wins. */
  configOverrides?: string[];
  /** The engine's whole environment: nothing else is inherited. Default: the environment of this process. */
  env?: Record<string, string>;
  /**
   * Runs the turns on an engine that listens (`codex app-server --listen`), in place of one of their own: `unix://PATH`, `ws://IP:PORT`, or
   * `wss://HOST`. Passed as `--remote`, which `codex exec` has from 0.171.0 on; with an older one, a run rejects with a `CodexError` and nothing was started.
   */
  remote?: string;
  /**
   * The token that the listener asks for: itself, `{ file }`, or a function that gives it. Read for each run, and passed in the environment, as
   * `TWINPROOF_REMOTE_TOKEN`. Only with `remote`.
   */
  remoteToken?: Token;
  /**
   * Whether the engine gets a process group of its own. A terminal sends Ctrl-C to the whole group of the program, so the engine ends in mid-turn even
   * if your program handles SIGINT. If you set this, your program must end the turn by `signal` before it exits, or the engine finishes the turn
   * without it. Default false, as in the official clients.
   */
  detached?: boolean;
};

/** Options of a thread, passed with each of its runs (Python: `ThreadOptions`). */
export type ThreadOptions = {
  /** Name of the model. Default: the one in the engine's settings. */
  model?: string;
  /** What the thread claims to come from when it is created. Omitted when a thread is resumed. */
  threadSource?: string;
  /** What commands may access. Default: the engine's settings. */
  sandboxMode?: SandboxMode;
  /** The engine's working directory. Default: that of this process. */
  workingDirectory?: string;
  /** Lets the engine work outside a Git repository. */
  skipGitRepoCheck?: boolean;
  /** Default: the engine's settings. */
  modelReasoningEffort?: ModelReasoningEffort;
  /** Whether commands in the sandbox `workspace-write` have network access. */
  networkAccessEnabled?: boolean;
  /** Default: the engine's settings. */
  webSearchMode?: WebSearchMode;
  /** `true` means `live`, `false` means `disabled`; `webSearchMode` takes precedence. */
  webSearchEnabled?: boolean;
  /** Default: the engine's settings. */
  approvalPolicy?: ApprovalMode;
  /** More folders that commands may write to. */
  additionalDirectories?: string[];
};

/** Options of one turn (Python: `TurnOptions`). */
export type TurnOptions<S extends AnySchema = AnySchema> = OutputOptions<S> & {
  /** Default: none is selected. */
  cyberAccessProgram?: CyberAccessProgram;
  /**
   * JSON Schema of the answer: a plain object, sent unchanged. The answer itself is still text, in `finalResponse`; see
   * `output` for a value.
   */
  outputSchema?: unknown;
  /** Aborts the turn: the engine is stopped, and your call rejects with an `AbortError`. */
  signal?: AbortSignal;
};

export const codexRules: RulesFor<CodexOptions> = {
  codexPathOverride: lenient(text),
  engineCheck: oneOf('warn', 'strict', 'off'),
  baseUrl: lenient(text),
  apiKey: lenient(text),
  // These three are read with words of their own: see `config-overrides.ts` and `argv.ts`.
  config: anything,
  configOverrides: anything,
  env: lenient(object),
  remote: lenient(text),
  remoteToken: tokenRule,
  detached: lenient(flag),
};

export const turnRules: RulesFor<TurnOptions> = {
  cyberAccessProgram: anything,
  output: orNull(schemaRule),
  outputSchema: anything as never,
  repair: repairRule,
  signal: lenient(signal),
};
