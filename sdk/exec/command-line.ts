import {
  bareWord,
  configWords,
  filledWord,
  flagOf,
  listedPath,
  listOf,
  optionWords,
  textWord,
} from '../transport/argv.ts';
import { configOverrides } from './config-overrides.ts';
import { type Input, splitInput } from './input.ts';
import type { CodexOptions, ThreadOptions, TurnOptions } from './options.ts';

/** Everything that determines how the engine is started, except the file with the output schema. */
export interface ExecRequest {
  options: CodexOptions;
  thread: ThreadOptions;
  turn: TurnOptions;
  /** The thread to resume; null if the run creates one. */
  threadId: string | null;
  input: Input;
}

/** A command line that the engine reads as intended. */
export interface CommandLine {
  /** @param schemaFile path of the file with the output schema; undefined if there is none */
  args(schemaFile: string | undefined): string[];
  /** For the engine's stdin. */
  prompt: string;
}

/**
 * The engine's arguments. If a key has two `--config`, the engine uses the later one, so the client's settings come
 * first, then the thread's. `resume` comes before `--image`, which takes every word after it.
 * @throws TypeError for a value that the engine would read differently; see `argv.ts`
 */
export function commandLine({ options, thread, turn, threadId, input }: ExecRequest): CommandLine {
  const { prompt, images } = splitInput(input);
  const before = [
    'exec',
    '--experimental-json',
    ...settings('config', options.config ?? {}),
    ...listOf('configOverrides', options.configOverrides ?? []).flatMap((one, at) =>
      configWords(`configOverrides[${at}]`, one),
    ),
    ...(options.baseUrl ? settings('baseUrl', { openai_base_url: textWord('baseUrl', options.baseUrl) }) : []),
    ...(thread.model ? optionWords('--model', textWord('model', thread.model)) : []),
    ...(threadId !== null || thread.threadSource == null
      ? []
      : optionWords('--thread-source', textWord('threadSource', thread.threadSource))),
    ...(thread.sandboxMode ? optionWords('--sandbox', textWord('sandboxMode', thread.sandboxMode)) : []),
    ...(thread.workingDirectory ? optionWords('--cd', textWord('workingDirectory', thread.workingDirectory)) : []),
    ...listOf('additionalDirectories', thread.additionalDirectories ?? []).flatMap((folder, at) =>
      optionWords('--add-dir', filledWord(`additionalDirectories[${at}]`, folder)),
    ),
    ...(flagOf('skipGitRepoCheck', thread.skipGitRepoCheck ?? false) ? ['--skip-git-repo-check'] : []),
  ];
  const after = [
    ...(turn.cyberAccessProgram == null
      ? []
      : optionWords('--cyber-access-program', textWord('cyberAccessProgram', turn.cyberAccessProgram))),
    ...settings('thread options', threadSettings(thread)),
    ...(threadId === null ? [] : ['resume', bareWord('the id of resumeThread()', threadId)]),
    ...images.flatMap((image, at) => optionWords('--image', listedPath(`image ${at + 1}`, image))),
    // The engine accepts images as the only input but refuses an empty stdin; an argument may be empty.
    ...(prompt.trim() === '' && images.length > 0 ? ['--', ''] : []),
  ];
  return {
    prompt,
    args: (schemaFile) => [
      ...before,
      ...(schemaFile === undefined
        ? []
        : optionWords('--output-schema', filledWord('the temporary folder', schemaFile))),
      ...after,
    ],
  };
}

const settings = (what: string, config: NonNullable<CodexOptions['config']>) =>
  configOverrides(config).flatMap((one) => configWords(what, one));

/** In the order of the official client. Settings that are not given are omitted. */
function threadSettings(thread: ThreadOptions): NonNullable<CodexOptions['config']> {
  const { modelReasoningEffort, networkAccessEnabled, approvalPolicy } = thread;
  const webSearch = webSearchOf(thread);
  return {
    ...(modelReasoningEffort && { model_reasoning_effort: textWord('modelReasoningEffort', modelReasoningEffort) }),
    ...(networkAccessEnabled != null && {
      'sandbox_workspace_write.network_access': flagOf('networkAccessEnabled', networkAccessEnabled),
    }),
    ...(webSearch !== undefined && { web_search: webSearch }),
    ...(approvalPolicy && { approval_policy: textWord('approvalPolicy', approvalPolicy) }),
  };
}

function webSearchOf({ webSearchMode, webSearchEnabled }: ThreadOptions): string | undefined {
  if (webSearchMode) return textWord('webSearchMode', webSearchMode);
  if (webSearchEnabled == null) return undefined;
  return flagOf('webSearchEnabled', webSearchEnabled) ? 'live' : 'disabled';
}
