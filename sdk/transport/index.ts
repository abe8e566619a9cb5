export { type MemoryPeer, memoryTransport } from './memory.ts';
export { type Launch, StdioTransport } from './stdio.ts';
export type { Transport, TransportEvents, TransportFactory } from './transport.ts';
