/** Whether the engine asks before it acts. `codex exec` has nobody to ask: whatever it would ask for is declined. */
export type ApprovalMode = 'never' | 'on-request' | 'on-failure' | 'untrusted';

/** What commands may touch. */
export type SandboxMode = 'read-only' | 'workspace-write' | 'danger-full-access';

/** How much the model thinks before it answers. */
export type ModelReasoningEffort = 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | 'ultra' | 'persistent';

/** Where web searches get their pages: nowhere, from a cache, or from the live web. */
export type WebSearchMode = 'disabled' | 'cached' | 'live';

/** Experimental selection of the built-in OpenAI provider, for one turn. */
export type CyberAccessProgram = 'standard' | 'daybreak_blue' | 'daybreak_red';

/** A setting's value; it becomes TOML. A number must be finite. */
export type CodexConfigValue = string | number | boolean | CodexConfigValue[] | CodexConfigObject;
/** Settings by their keys; nested ones become dotted keys. */
export type CodexConfigObject = { [key: string]: CodexConfigValue };

/** Options of `new Codex()` (Python: `CodexOptions`). */
export type CodexOptions = {
  /** The engine to start. Default: that of the installed package `@openai/codex`. */
  codexPathOverride?: string;
  /** Address of the model's API: passed as `--config openai_base_url=…`. */
  baseUrl?: string;
  /** Passed in the environment, as `CODEX_API_KEY`. */
  apiKey?: string;
  /** Settings: `{ a: { b: 1 } }` is passed as `--config a.b=1`, with the values as TOML. */
  config?: CodexConfigObject;
  /** Settings as `key=TOML`, passed as they are, each behind a `--config` of its own, after `config`: the later one counts. */
  configOverrides?: string[];
  /** The engine's whole environment: with it, nothing is inherited. Default: the environment of this process. */
  env?: Record<string, string>;
};

/** Options of a thread, passed anew with each of its runs (Python: `ThreadOptions`). */
export type ThreadOptions = {
  /** Name of the model. Default: that of the engine's settings. */
  model?: string;
  /** What the thread is said to come from, when it is made: left out where a thread is resumed. */
  threadSource?: string;
  /** What commands may touch. Default: as the engine's settings have it. */
  sandboxMode?: SandboxMode;
  /** Where the engine works. Default: the working directory of this process. */
  workingDirectory?: string;
  /** Lets the engine work outside of a Git repository. */
  skipGitRepoCheck?: boolean;
  /** Default: as the engine's settings have it. */
  modelReasoningEffort?: ModelReasoningEffort;
  /** Network access of commands in the sandbox `workspace-write`. */
  networkAccessEnabled?: boolean;
  /** Default: as the engine's settings have it. */
  webSearchMode?: WebSearchMode;
  /** `true` is `live`, `false` is `disabled`; `webSearchMode` counts more. */
  webSearchEnabled?: boolean;
  /** Default: as the engine's settings have it. */
  approvalPolicy?: ApprovalMode;
  /** Further folders that commands may write to. */
  additionalDirectories?: string[];
};

/** Options of one turn (Python: `TurnOptions`). */
export type TurnOptions = {
  /** Default: none is selected. */
  cyberAccessProgram?: CyberAccessProgram;
  /** JSON Schema of the answer: a plain object. The answer itself is still text, `finalResponse`. */
  outputSchema?: unknown;
  /** Ends the turn: the engine is killed, and what was awaited rejects with an `AbortError`. */
  signal?: AbortSignal;
};
