import { configOverrides } from './config-overrides.ts';
import type { CodexOptions, ThreadOptions, TurnOptions } from './options.ts';

/** All that decides how the engine is started. */
export interface ExecRequest {
  options: CodexOptions;
  thread: ThreadOptions;
  turn: TurnOptions;
  /** Of the thread to go on with; null where the run makes one. */
  threadId: string | null;
  images: readonly string[];
  /** Path of the file with the output schema. */
  schemaFile: string | undefined;
}

/**
 * The engine's arguments. A later `--config` counts more than an earlier one, so the order is: the client's settings, then what
 * the thread says. `resume` stands before `--image`, which takes every word behind it.
 * @throws TypeError for a setting that TOML cannot say
 */
export function commandLine({ options, thread, turn, threadId, images, schemaFile }: ExecRequest): string[] {
  const config = (setting: string) => ['--config', setting];
  return [
    'exec',
    '--experimental-json',
    ...(options.config ? configOverrides(options.config).flatMap(config) : []),
    ...(options.configOverrides ?? []).flatMap(config),
    ...(options.baseUrl ? configOverrides({ openai_base_url: options.baseUrl }).flatMap(config) : []),
    ...flag('--model', thread.model),
    ...(threadId || thread.threadSource === undefined ? [] : ['--thread-source', thread.threadSource]),
    ...flag('--sandbox', thread.sandboxMode),
    ...flag('--cd', thread.workingDirectory),
    ...(thread.additionalDirectories ?? []).flatMap((folder) => ['--add-dir', folder]),
    ...(thread.skipGitRepoCheck ? ['--skip-git-repo-check'] : []),
    ...flag('--output-schema', schemaFile),
    ...(turn.cyberAccessProgram === undefined ? [] : ['--cyber-access-program', turn.cyberAccessProgram]),
    ...(thread.modelReasoningEffort ? config(`model_reasoning_effort="${thread.modelReasoningEffort}"`) : []),
    ...(thread.networkAccessEnabled === undefined
      ? []
      : config(`sandbox_workspace_write.network_access=${thread.networkAccessEnabled}`)),
    ...webSearch(thread).flatMap((mode) => config(`web_search="${mode}"`)),
    ...(thread.approvalPolicy ? config(`approval_policy="${thread.approvalPolicy}"`) : []),
    ...(threadId ? ['resume', threadId] : []),
    ...images.flatMap((image) => ['--image', image]),
  ];
}

function flag(name: string, value: string | undefined): string[] {
  return value ? [name, value] : [];
}

function webSearch({ webSearchMode, webSearchEnabled }: ThreadOptions): string[] {
  if (webSearchMode) return [webSearchMode];
  if (typeof webSearchEnabled !== 'boolean') return [];
  return [webSearchEnabled ? 'live' : 'disabled'];
}
