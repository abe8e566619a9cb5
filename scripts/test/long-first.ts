import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files whose tests wait or compute for more than ten seconds, the longest first. Begun last, one would run alone at the end. */
export const longFiles = [
  'scripts/examples/doc-examples.engine.test.ts',
  'harness/proofs/sensitivity/faulty-clients/faulty-clients.process.test.ts',
  'ci/bump.engine.test.ts',
  'harness/commands/new.engine.test.ts',
  'harness/proofs/sensitivity/faulty-clients/faulty-clients.engine.test.ts',
  'scripts/commands.process.test.ts',
  'ci/bump.process.test.ts',
  'harness/commands/interrupt.engine.test.ts',
  'harness/commands/merge.process.test.ts',
  'harness/commands/guest.process.test.ts',
  'harness/proofs/behaviours/prove-behaviours.process.test.ts',
  'scripts/pin/add-engine.process.test.ts',
  'harness/commands/mutation.process.test.ts',
  'harness/commands/watch.process.test.ts',
  'native/install-engine.process.test.ts',
  'harness/commands/report.process.test.ts',
];

/** Vitest begins with the largest files where it does not know how long they take, as in a fresh clone. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longFiles.findIndex((name) => moduleId.endsWith(`/${name}`));
      return at < 0 ? longFiles.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
