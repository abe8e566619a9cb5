import { bundlers } from './bundlers.ts';
import type { Host } from './host.ts';
import { packageManagers } from './package-managers.ts';
import { runtimes } from './runtimes.ts';
import { testRunners } from './test-runners.ts';
import { typescript } from './typescript.ts';

/** The table of hosts. */
export const hosts: readonly Host[] = [...packageManagers, ...runtimes, ...bundlers, ...testRunners, ...typescript];
