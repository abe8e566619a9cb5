import type { ChildProcess } from 'node:child_process';

interface LiveProcess {
  child: ChildProcess;
  close(): Promise<void>;
}

/** Those that would end with the program. */
export const live = new Set<LiveProcess>();

/** The program has nothing left to do and forgot to close: stop the engines as `close()` would. */
function closeAll(): void {
  for (const process of live) void process.close();
}

/** The program is exiting (an uncaught error, `process.exit`): nothing asynchronous is possible any more. */
function killAll(): void {
  for (const { child } of live) child.kill('SIGKILL');
}

/**
 * Makes sure that this process does not outlive the host, however the host exits. If a signal kills the host itself,
 * the engine exits when its stdin closes. Calling the result removes the process from the list.
 */
export function endWithHost(entry: LiveProcess): () => void {
  if (live.size === 0) process.on('beforeExit', closeAll).on('exit', killAll);
  live.add(entry);
  return () => {
    if (!live.delete(entry) || live.size > 0) return;
    process.off('beforeExit', closeAll).off('exit', killAll);
  };
}
