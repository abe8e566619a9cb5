import { dirname, join } from 'node:path';
import { fs, glob } from 'zx';
import type { Output } from '../harness/commands/output.mjs';
import { type Arguments, UsageError } from '../harness/commands/read-arguments.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { NpmRuns } from './npm.ts';

const folder = join(dirname(import.meta.dirname), 'out', 'mutation');
/** The share of the mutants, in percent, that the goldens must notice. */
const least = '85';

/** As many as an hour is long enough for, on two processors. */
const sampled = '60';
/** The interval of so few is wide: this fails what is far below the goal. */
const leastOfSample = '70';

/** The weekly measure of the goldens: a part of it, or its judgement. */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const { step, seed, shard, of } = values as Record<string, string>;
  using npm = new NpmRuns();
  const mutation = async (...args: string[]) =>
    (await npm.run(['run', '--silent', 'parity', '--', 'mutation', ...args], output.relay)).code ?? 1;
  if (step === 'measure') {
    const [part = ''] = (shard ?? '').split('/');
    return mutation('--seed', seed ?? '', '--shard', shard ?? '', '--json', join(folder, `shard-${part}.jsonl`));
  }
  if (step === 'sample') {
    const which = ['--mutators', 'own', '--of', of ?? '', '--by', 'both', '--seed', seed ?? '', '--count', sampled];
    const json = join(folder, `sample-${of}.jsonl`);
    return mutation(...which, '--json', json, '--min', leastOfSample, '--survivors');
  }
  if (step !== 'score')
    throw new UsageError(expectedGot('reading the step', 'measure, score or sample', JSON.stringify(step)));
  const parts = (await glob('shard-*.jsonl', { cwd: folder })).sort();
  if (parts.length === 0) {
    output.note(expectedGot('judging the mutants', `shard-*.jsonl in ${folder}`, 'none'));
    return 1;
  }
  const all = join(folder, 'all.jsonl');
  await fs.writeFile(all, (await Promise.all(parts.map((part) => fs.readFile(join(folder, part), 'utf8')))).join(''));
  return mutation('--from', all, '--min', least, '--survivors');
}
