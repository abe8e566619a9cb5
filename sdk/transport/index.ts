export { type MemoryPeer, memoryTransport } from './memory.ts';
export type { Transport, TransportEvents, TransportFactory } from './transport.ts';
