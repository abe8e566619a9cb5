import { warn } from '../host/warn.ts';
import type {
  DynamicToolCallOutputContentItem,
  DynamicToolCallParams,
  DynamicToolCallResponse,
} from '../protocol/index.ts';
import { keepNewest } from '../rpc/keep-newest.ts';
import { runTool } from './run-tool.ts';
import type { Tool } from './tool.ts';
import { failure, type OutcomeItem, type ToolOutcome } from './tool-outcome.ts';

/** Which tools of a thread have a function behind them; see `Thread.tools`. */
export interface ThreadToolsReport {
  /** Names of the tools that this client answers. */
  readonly bound: readonly string[];
  /**
   * Tools that the engine keeps for the thread, and this client does not answer: calls of them fail. Empty too if what the
   * engine keeps cannot be read, until one of them is called.
   */
  readonly missing: readonly string[];
  /** Tools of this client that the engine does not know: the model never sees them, since a thread keeps those of its start. */
  readonly extra: readonly string[];
}

interface Bound {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly missing: Set<string>;
  readonly extra: readonly string[];
}

/** Answers a call of a tool. */
export type ToolHandler = (
  call: DynamicToolCallParams,
  context: { signal: AbortSignal },
) => Promise<DynamicToolCallResponse>;

/** Of warnings about tools: `--disable-warning=…` silences them. */
const warningCode = 'TWINPROOF_TOOLS';

/** How many threads are remembered: nobody says when one is not needed any more. */
const remembered = 10_000;

/** Which function answers which tool of which thread, on one connection. */
export class ThreadTools {
  private readonly threads = new Map<string, Bound>();

  /** Binds the tools of a thread, in place of others. Call the result to take it back. */
  bind(threadId: string, tools: readonly Tool[]): () => void {
    const before = this.threads.get(threadId);
    const now = { tools: new Map(tools.map((tool) => [tool.name, tool])), missing: new Set<string>(), extra: [] };
    keepNewest(this.threads.set(threadId, now), remembered);
    return () => {
      if (this.threads.get(threadId) !== now) return;
      if (before) this.threads.set(threadId, before);
      else this.threads.delete(threadId);
    };
  }

  /** A fork has the tools of the thread that it comes from. */
  inherit(from: string, to: string): void {
    const known = this.threads.get(from);
    if (known) this.threads.set(to, { ...known, missing: new Set(known.missing) });
  }

  /** @param kept names of the tools that the engine keeps for the thread */
  compare(threadId: string, kept: readonly string[]): void {
    const bound = this.threads.get(threadId);
    if (!bound) return;
    const missing = kept.filter((name) => !bound.tools.has(name));
    const extra = [...bound.tools.keys()].filter((name) => !kept.includes(name));
    this.threads.set(threadId, { tools: bound.tools, missing: new Set(missing), extra });
    if (missing.length > 0) warnOfMissing(threadId, missing);
    if (extra.length > 0)
      warn(
        warningCode,
        `the engine does not know ${listed(extra)} of thread ${threadId}: a thread keeps the tools that it was started with. Start a new thread.`,
      );
  }

  /** Undefined for a thread that was given no tools on this connection. */
  reportOf(threadId: string): ThreadToolsReport | undefined {
    const bound = this.threads.get(threadId);
    return bound && { bound: [...bound.tools.keys()], missing: [...bound.missing], extra: bound.extra };
  }

  /** What answers this call; undefined if no tool of the thread has its name. */
  handlerOf(call: DynamicToolCallParams, onError: (error: unknown) => void): ToolHandler | undefined {
    const tool = this.threads.get(call.threadId)?.tools.get(nameOf(call));
    return (
      tool &&
      (async (_call, { signal }) => {
        const { threadId, turnId, callId } = call;
        return response(await runTool(tool, call.arguments, { signal, threadId, turnId, callId }, { onError }));
      })
    );
  }

  /** What answers a call that nobody else does, in a thread with tools. */
  fallbackOf(call: DynamicToolCallParams): ToolHandler | undefined {
    const bound = this.threads.get(call.threadId);
    return (
      bound &&
      (async () => {
        const name = nameOf(call);
        if (!bound.missing.has(name)) warnOfMissing(call.threadId, [name]);
        bound.missing.add(name);
        return response(failure(`This program has no tool ${name} any more.`));
      })
    );
  }
}

/** Tools of a namespace are not made by `tool()`. */
const nameOf = ({ namespace, tool }: DynamicToolCallParams): string =>
  namespace == null ? tool : `${namespace}.${tool}`;

const response = ({ items, failed }: ToolOutcome): DynamicToolCallResponse => ({
  contentItems: items.map(contentItem),
  success: !failed,
});

function contentItem(item: OutcomeItem): DynamicToolCallOutputContentItem {
  if (item.type === 'text') return { type: 'inputText', text: item.text };
  const url = `data:${item.mimeType};base64,${item.data}`;
  return item.type === 'image' ? { type: 'inputImage', imageUrl: url } : { type: 'inputAudio', audioUrl: url };
}

function warnOfMissing(threadId: string, names: readonly string[]): void {
  warn(
    warningCode,
    `thread ${threadId} has ${listed(names)}, and this program no function for ${them(names)}: calls fail. Pass ${them(names)} in the option tools.`,
  );
}

const them = (names: readonly string[]): string => (names.length === 1 ? 'it' : 'them');
const listed = (names: readonly string[]): string =>
  `${names.length === 1 ? 'the tool' : 'the tools'} ${names.join(', ')}`;
