import type { ValueRule } from '../types.ts';

const memory = new Set(['residentMemoryBytes', 'physicalFootprintBytes']);

/** `server/diagnostics`: the engine's own process id and its memory. */
export const processFacts: ValueRule = {
  name: 'process-fact',
  reason: "the engine's process id is given out by the system, and its memory differs from run to run",
  volatile: 'echo',
  apply(value, { key, path }) {
    if (typeof value !== 'number' || key === undefined || !path.includes('process')) return undefined;
    if (memory.has(key)) return '<gauge>';
    return key === 'id' && path.at(-2) === 'process' ? '<gauge>' : undefined;
  },
};
