import { checkImports } from '../imports/check-imports.ts';
import { browserStage } from './browser-stage.ts';
import { commandStage } from './command-stage.ts';
import { replayStage } from './replay-stage.ts';
import type { Stage } from './run-stages.ts';
import { unittestStage } from './unittest-stage.ts';
import { vitestStage } from './vitest-stage.ts';

/** Imports go one way; counts as one test. */
const importsStage: Stage = {
  name: 'imports',
  needs: [],
  run: async ({ root }) => {
    const problems = checkImports(root);
    const details = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n');
    return problems.length === 0 ? { passed: 1, failed: 0, details } : { passed: 0, failed: 1, details };
  },
};

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
