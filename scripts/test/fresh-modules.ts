import { afterAll, vi } from 'vitest';

// Unit tests share a process, which halves their time. Each file still has modules of its own, and leaves the process as it found it.
vi.resetModules();
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});
