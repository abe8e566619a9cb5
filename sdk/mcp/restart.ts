import type { Rule } from '../options/check-options.ts';
import { isObject } from '../rpc/is-object.ts';

/** How often and how fast a crashed MCP server is started again. */
export interface McpRestartPolicy {
  /** How many times in a row; 0 is the same as `never`. A call that succeeds begins the count anew. Default: 3. */
  max?: number | undefined;
  /** How long the first start waits, in milliseconds. Each further one in a row waits twice as long, a minute at most. Default: 500. */
  backoffMs?: number | undefined;
  /**
   * How often the engine is asked whether the server still runs, in milliseconds. It is also asked when a turn starts, and
   * when a call fails. 0: only when a call fails. Default: 5,000.
   */
  checkEveryMs?: number | undefined;
}

/** What is done when an MCP server crashes; see `StdioMcpServer.restart`. */
export type McpRestart = 'never' | 'onCrash' | McpRestartPolicy;

/** The policy that an option stands for. */
export type RestartPolicy = Readonly<{ max: number; backoffMs: number; checkEveryMs: number }>;

const onCrash: RestartPolicy = { max: 3, backoffMs: 500, checkEveryMs: 5000 };

const isCount = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 2 ** 31 - 1;

function isRestart(value: unknown): boolean {
  if (value === 'never' || value === 'onCrash') return true;
  if (!isObject(value)) return false;
  return Object.entries(value).every(
    ([key, one]) => Object.hasOwn(onCrash, key) && (one === undefined || isCount(one)),
  );
}

export const restartRule: Rule = {
  expected: '"never" or "onCrash", or an object with max, backoffMs and checkEveryMs',
  accepts: isRestart,
  nullable: false,
};

export function restartPolicy(option: McpRestart): RestartPolicy {
  if (option === 'never') return { ...onCrash, max: 0 };
  if (option === 'onCrash') return onCrash;
  const { max = onCrash.max, backoffMs = onCrash.backoffMs, checkEveryMs = onCrash.checkEveryMs } = option;
  return { max, backoffMs, checkEveryMs };
}
