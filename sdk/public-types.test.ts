import { expectTypeOf, test } from 'vitest';
import type { ThreadFields, ThreadForkFields, ThreadStartFields, TurnFields } from './client/protocol-fields.ts';
import type {
  ApprovalDenial,
  ApprovalMode,
  ApprovalOptions,
  CallOptions,
  ClientRequestOptions,
  Codex,
  CodexConfig,
  ExternalMessage,
  GoalHandle,
  Hooks,
  ImageInput,
  Input,
  InputItem,
  LocalImageInput,
  Logger,
  McpServers,
  MentionInput,
  Notification,
  ReconnectPolicy,
  RunInput,
  Sandbox,
  ServerRequestErrorHandler,
  ServerRequestHandler,
  SkillInput,
  TelemetryOptions,
  TextInput,
  Thread,
  ThreadForkOptions,
  ThreadListOptions,
  ThreadResumeOptions,
  ThreadStartOptions,
  Tool,
  TransportFactory,
  TurnHandle,
  TurnOptions,
  TurnResult,
} from './index.ts';
import type { TokenUsageBreakdown, UserInput } from './protocol/index.ts';
import type { Schema } from './schema/standard-schema.ts';
import type * as types from './types.ts';

// The public types, as they were meant. The stage `types` compiles this file: whoever changes one changes it here too.

/** A setting that may be left out, or said to be nothing. */
type May<T> = T | null | undefined;
/** Written out: an inherited member is a member. */
type Flat<T> = { [K in keyof T]: T[K] };
type Args<F extends (...args: never[]) => unknown> = Required<Parameters<F>>;

test('CodexConfig', () => {
  expectTypeOf<Flat<CodexConfig>>().toEqualTypeOf<
    Flat<
      ApprovalOptions & {
        onTokenRefresh?: ClientRequestOptions['onTokenRefresh'];
        telemetry?: TelemetryOptions | undefined;
        logger?: Logger | undefined;
        codexBin?: May<string>;
        engineCheck?: 'warn' | 'strict' | 'off' | undefined;
        launchArgsOverride?: May<readonly string[]>;
        configOverrides?: readonly string[] | undefined;
        cwd?: May<string>;
        env?: May<Readonly<Record<string, string>>>;
        detached?: boolean | undefined;
        keepDescendants?: boolean | undefined;
        clientName?: string | undefined;
        clientTitle?: string | undefined;
        clientVersion?: string | undefined;
        experimentalApi?: boolean | undefined;
        hooks?: Hooks | undefined;
        mcpServers?: McpServers | undefined;
        requestTimeoutMs?: number | undefined;
        unreadLimit?: number | undefined;
        unsentLimit?: number | undefined;
        onServerRequest?: ServerRequestHandler | undefined;
        onServerRequestError?: ServerRequestErrorHandler | undefined;
        transport?: TransportFactory | undefined;
        reconnect?: false | ReconnectPolicy | undefined;
        leaveToOthers?: boolean | undefined;
      }
    >
  >();
});

interface AnyThread extends CallOptions, ApprovalOptions {
  baseInstructions?: May<string>;
  config?: May<types.JsonObject>;
  cwd?: May<string>;
  developerInstructions?: May<string>;
  mcpServers?: McpServers | undefined;
  model?: May<string>;
  modelProvider?: May<string>;
  sandbox?: May<Sandbox>;
  tools?: readonly Tool[] | undefined;
  serviceTier?: May<string>;
}

test('options of a thread: the start alone has an approval mode of its own, which null does not unset', () => {
  expectTypeOf<CallOptions>().toEqualTypeOf<{ signal?: AbortSignal | undefined; timeoutMs?: number | undefined }>();
  expectTypeOf<Flat<ThreadStartOptions>>().toEqualTypeOf<
    Flat<
      AnyThread &
        ThreadStartFields & {
          approvalMode?: ApprovalMode | undefined;
          ephemeral?: May<boolean>;
          personality?: May<types.Personality>;
          serviceName?: May<string>;
          sessionStartSource?: May<types.ThreadStartSource>;
          threadSource?: May<types.ThreadSource>;
        }
    >
  >();
  expectTypeOf<Flat<ThreadResumeOptions>>().toEqualTypeOf<
    Flat<
      AnyThread &
        ThreadFields & {
          approvalMode?: May<ApprovalMode>;
          includeTurns?: May<boolean>;
          personality?: May<types.Personality>;
        }
    >
  >();
  expectTypeOf<Flat<ThreadForkOptions>>().toEqualTypeOf<
    Flat<
      AnyThread &
        ThreadForkFields & {
          approvalMode?: May<ApprovalMode>;
          ephemeral?: May<boolean>;
          includeTurns?: May<boolean>;
          threadSource?: May<types.ThreadSource>;
        }
    >
  >();
});

test('filters of the list', () => {
  expectTypeOf<Flat<ThreadListOptions>>().toEqualTypeOf<
    Flat<
      CallOptions & {
        archived?: May<boolean>;
        cursor?: May<string>;
        cwd?: May<types.ThreadListCwdFilter>;
        limit?: May<number>;
        modelProviders?: May<string[]>;
        searchTerm?: May<string>;
        sectionId?: May<string>;
        sortDirection?: May<types.SortDirection>;
        sortKey?: May<types.ThreadSortKey>;
        sourceKinds?: May<types.ThreadSourceKind[]>;
        useStateDbOnly?: May<boolean>;
      }
    >
  >();
});

test('options of a turn', () => {
  expectTypeOf<Flat<TurnOptions>>().toEqualTypeOf<
    Flat<
      CallOptions &
        ApprovalOptions &
        TurnFields & {
          hardAbort?: boolean | undefined;
          approvalMode?: May<ApprovalMode>;
          cwd?: May<string>;
          effort?: May<types.ReasoningEffort>;
          model?: May<string>;
          output?: May<Schema>;
          outputSchema?: May<object>;
          personality?: May<types.Personality>;
          repair?: number | undefined;
          sandbox?: May<Sandbox>;
          serviceTier?: May<string>;
          source?: May<string>;
          summary?: May<types.ReasoningSummary>;
          turnServiceTier?: May<string>;
        }
    >
  >();
  expectTypeOf<Args<Thread['run']>[1]>().toEqualTypeOf<TurnOptions>();
  expectTypeOf<Args<Thread['turn']>[1]>().toEqualTypeOf<TurnOptions>();
});

test('a schema is written as it comes: with `as const`, by an interface, or made by a library', () => {
  interface Schema {
    type: string;
  }
  const constant = { type: 'object', required: ['summary'] } as const;
  expectTypeOf(constant).toExtend<TurnOptions['outputSchema']>();
  expectTypeOf<Schema>().toExtend<TurnOptions['outputSchema']>();
  // @ts-expect-error the text of one is none
  const text: TurnOptions['outputSchema'] = '{}';
  void text;
});

test('inputs: a turn takes text, items and external messages; to steer it, no external one', () => {
  expectTypeOf<InputItem>().toEqualTypeOf<
    TextInput | ImageInput | LocalImageInput | SkillInput | MentionInput | UserInput
  >();
  // Plain objects of the protocol run.
  const plain: RunInput = [
    { type: 'text', text: 'hi' },
    { type: 'localImage', path: '/p' },
  ];
  void plain;
  expectTypeOf<Input>().toEqualTypeOf<InputItem | readonly InputItem[]>();
  expectTypeOf<RunInput>().toEqualTypeOf<Input | string | ExternalMessage>();
  expectTypeOf<Args<Thread['run']>[0]>().toEqualTypeOf<RunInput>();
  expectTypeOf<Args<Thread['turn']>[0]>().toEqualTypeOf<RunInput>();
  expectTypeOf<Args<TurnHandle['steer']>[0]>().toEqualTypeOf<Input | string>();
  expectTypeOf<Args<GoalHandle['steer']>[0]>().toEqualTypeOf<Input | string>();
  // @ts-expect-error an external message has no authority to steer
  const steered: Args<TurnHandle['steer']>[0] = {} as ExternalMessage;
  // @ts-expect-error nor has it among other input
  const among: RunInput = [{} as ExternalMessage];
  // @ts-expect-error nor is what only looks like an input one
  const looks: RunInput = { text: 'hi' };
  // @ts-expect-error one class is not another
  const other: SkillInput = {} as MentionInput;
  void [steered, among, looks, other];
});

test('what a turn comes to is the same, however it was run', () => {
  expectTypeOf<TurnResult>().toEqualTypeOf<{
    id: string;
    status: types.TurnStatus;
    error: types.TurnError | null;
    startedAt: number | null;
    completedAt: number | null;
    durationMs: number | null;
    finalResponse: string | null;
    items: types.ThreadItem[];
    usage: types.ThreadTokenUsage | null;
    turnUsage: TokenUsageBreakdown | null;
    output: unknown;
    denials: ApprovalDenial[];
  }>();
  expectTypeOf<Thread['run']>().returns.toEqualTypeOf<Promise<TurnResult>>();
  expectTypeOf<TurnHandle['run']>().returns.toEqualTypeOf<Promise<TurnResult>>();
  expectTypeOf<GoalHandle['run']>().returns.toEqualTypeOf<Promise<TurnResult>>();
  expectTypeOf<GoalHandle['result']>().returns.toEqualTypeOf<Promise<TurnResult>>();
  expectTypeOf<TurnHandle['stream']>().returns.toEqualTypeOf<AsyncGenerator<Notification, void, void>>();
});

test('what the client returns', () => {
  expectTypeOf<Codex['threadStart']>().returns.toEqualTypeOf<Promise<Thread>>();
  expectTypeOf<Codex['threadResume']>().returns.toEqualTypeOf<Promise<Thread>>();
  expectTypeOf<Codex['threadFork']>().returns.toEqualTypeOf<Promise<Thread>>();
  expectTypeOf<Codex['threadUnarchive']>().returns.toEqualTypeOf<Promise<Thread>>();
  expectTypeOf<Codex['threadList']>().returns.toEqualTypeOf<Promise<types.ThreadListResponse>>();
  expectTypeOf<Codex['threadArchive']>().returns.toEqualTypeOf<Promise<types.ThreadArchiveResponse>>();
  expectTypeOf<Codex['account']>().returns.toEqualTypeOf<Promise<types.GetAccountResponse>>();
  expectTypeOf<Codex['models']>().returns.toEqualTypeOf<Promise<types.ModelListResponse>>();
  expectTypeOf<Codex['metadata']>().toEqualTypeOf<types.InitializeResponse>();
  expectTypeOf<Thread['read']>().returns.toEqualTypeOf<Promise<types.ThreadReadResponse>>();
  expectTypeOf<Thread['setName']>().returns.toEqualTypeOf<Promise<types.ThreadSetNameResponse>>();
  const compact = (thread: Thread) => thread.compact();
  expectTypeOf(compact).returns.toEqualTypeOf<Promise<types.ThreadCompactStartResponse>>();
  const compacted = (thread: Thread) => thread.compact({ wait: true });
  expectTypeOf(compacted).returns.toEqualTypeOf<Promise<TurnResult>>();
  expectTypeOf<TurnHandle['interrupt']>().returns.toEqualTypeOf<Promise<types.TurnInterruptResponse>>();
  expectTypeOf<TurnHandle['steer']>().returns.toEqualTypeOf<Promise<types.TurnSteerResponse>>();
});
