import type { ChildProcess } from 'node:child_process';

interface LiveProcess {
  child: ChildProcess;
  close(): Promise<void>;
}

const live = new Set<LiveProcess>();

/** The program has nothing left to do and forgot to close: end the engines as `close()` would. */
function closeAll(): void {
  for (const process of live) void process.close();
}

/** The program ends now (an uncaught error, `process.exit`): nothing asynchronous is possible any more. */
function killAll(): void {
  for (const { child } of live) child.kill('SIGKILL');
}

/**
 * Sees to it that this process does not outlive the host, however the host ends: short of a signal that kills the host
 * itself; then the closing of its stdin ends the engine. The result takes it off the list.
 */
export function endWithHost(entry: LiveProcess): () => void {
  if (live.size === 0) process.on('beforeExit', closeAll).on('exit', killAll);
  live.add(entry);
  return () => {
    if (!live.delete(entry) || live.size > 0) return;
    process.off('beforeExit', closeAll).off('exit', killAll);
  };
}
