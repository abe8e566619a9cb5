import { browserStage } from './browser-stage.ts';
import { commandStage } from './command-stage.ts';
import { importsStage } from './imports-stage.ts';
import { replayStage } from './replay-stage.ts';
import type { Stage } from './stage.ts';
import { unittestStage } from './unittest-stage.ts';
import { vitestStage } from './vitest-stage.ts';

/** What `npm test` runs, in order: what is fast and tells most comes first. */
export const stages: readonly Stage[] = [
  commandStage('lint', ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--error-on-warnings', '.']),
  commandStage('types', ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false', '-p', '.']),
  commandStage('report-types', ['node_modules/typescript/bin/tsc', '-p', 'harness/report/html/app']),
  importsStage,
  commandStage('dead-code', ['node_modules/knip/bin/knip.js', '--no-progress']),
  commandStage('generated', ['scripts/generate.mjs', '--check'], ['python', 'engine']),
  vitestStage('unit'),
  vitestStage('process', ['python']),
  vitestStage('engine', ['python', 'engine']),
  unittestStage('python', 'python-golden/tests', 'python-golden'),
  replayStage,
  browserStage,
];
