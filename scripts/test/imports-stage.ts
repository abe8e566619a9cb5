import { checkImports } from '../check-imports.ts';
import type { Stage } from './stage.ts';

/** Imports go one way; counts as one test. */
export const importsStage: Stage = {
  name: 'imports',
  needs: [],
  run: async ({ root }) => {
    const problems = checkImports(root);
    const details = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n');
    return problems.length === 0 ? { passed: 1, failed: 0, details } : { passed: 0, failed: 1, details };
  },
};
