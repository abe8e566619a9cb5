import { protocolVersion } from '../../sdk/protocol/index.ts';
import type { MemoryHandlers } from './handlers.ts';

/** What an in-memory engine answers without being told: the greeting, and threads `thread-1`, `thread-2`, … */
export function defaultHandlers(): MemoryHandlers {
  let threads = 0;
  const fresh = () => {
    threads += 1;
    return { thread: { id: `thread-${threads}` } };
  };
  return {
    initialize: () => ({
      userAgent: `memory-engine/${protocolVersion}`,
      codexHome: '/memory-engine',
      platformFamily: 'memory',
      platformOs: 'memory',
    }),
    'thread/start': fresh,
    'thread/fork': fresh,
    'thread/resume': ({ threadId }) => ({ thread: { id: threadId } }),
  };
}
