import { defineCommand } from 'citty';
import { exitCodes } from '../judging/exit-codes.ts';
import { checkBehaviours } from '../proofs/behaviours/check-behaviours.ts';
import { proveBehaviours } from '../proofs/behaviours/prove-behaviours.ts';
import type { Behaviour } from '../proofs/behaviours/read-behaviours.ts';
import { sample } from '../proofs/sample.ts';
import { defaultFolders } from '../run/folders.ts';
import { matchesId } from '../scenario/index.ts';
import { list, parseCount } from './arguments.ts';
import { jobsOf, type Terminal } from './context.ts';
import { failedList, failure } from './failed-list.ts';
import { UsageError } from './read-arguments.mjs';

const defaultSample = 30;
/** Fixed, so that two runs of one commit prove the same. */
const defaultSeed = 1;

interface BehavioursArgs {
  sample?: string | undefined;
  seed?: string | undefined;
  id?: string | undefined;
  all?: boolean | undefined;
  jobs?: string | undefined;
}

/** `behaviours`: whether the proofs of what the SDK owes fail when it is broken. */
export const behavioursCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'behaviours',
      description: 'Break the SDK as fixtures/behaviours.yaml says, and check that the proof of each behaviour fails',
    },
    args: {
      sample: {
        type: 'string',
        description: `Size of the random sample (default: ${defaultSample})`,
        valueHint: 'N',
      },
      seed: { type: 'string', description: `Which sample (default: ${defaultSeed})`, valueHint: 'N' },
      id: { type: 'string', description: 'These behaviours: ids or globs, comma-separated', valueHint: 'GLOB' },
      all: { type: 'boolean', description: 'Prove all behaviours' },
      jobs: {
        type: 'string',
        description: 'Behaviours to prove at once (default: the number of processors, at most 4)',
        valueHint: 'N',
      },
    },
    run: async ({ args }) => done(await behaviours(args, terminal)),
  });

async function behaviours(args: BehavioursArgs, terminal: Terminal): Promise<number> {
  const { repository } = defaultFolders();
  const { behaviours: listed, problems } = await checkBehaviours(repository);
  const chosen = choose(listed, args);
  const unsound = [...problems].filter(([id]) => chosen.some((one) => one.id === id));
  for (const [, own] of unsound)
    for (const { file, line, column, message } of own)
      terminal.out(`${terminal.paint.red('unsound')}  ${file}:${line}:${column}: ${message}`);
  const sound = chosen.filter(({ id }) => !problems.has(id));
  terminal.note(`${chosen.length} of ${listed.length} behaviours; each proof is run without a break first`);
  let ended = 0;
  const results = await proveBehaviours({
    root: repository,
    behaviours: sound,
    jobs: jobsOf({ jobs: args.jobs }),
    signal: terminal.signal,
    onResult: ({ id, verdict, reason, durationMs }) => {
      ended += 1;
      const say = verdict === 'proven' ? verdict : terminal.paint.red(verdict);
      terminal.note(`[${ended}/${sound.length}] ${id}  ${say}  ${durationMs} ms  ${terminal.paint.dim(reason)}`);
    },
  });
  const failed = results.filter(({ verdict }) => verdict !== 'proven');
  for (const { id, verdict, reason } of failed) {
    const line = listed.find((one) => one.id === id)?.line;
    terminal.out(`${terminal.paint.red(verdict)}  ${id} (fixtures/behaviours.yaml:${line})  ${reason}`);
  }
  const passed = results.length - failed.length;
  terminal.out(
    ...failedList([
      ...unsound.map(([id, [own]]) => failure(id, `unsound, ${own?.message}`)),
      ...failed.map(({ id, verdict, reason }) => failure(id, `${verdict}, ${reason}`)),
    ]),
    `${passed} passed, ${failed.length + unsound.length} failed`,
  );
  return exitCodes.behaviours({ chosen: chosen.length, proven: passed });
}

function choose(listed: readonly Behaviour[], args: BehavioursArgs): Behaviour[] {
  const globs = list(args.id);
  const unmatched = globs.filter((glob) => !listed.some(({ id }) => matchesId(id, glob)));
  if (unmatched.length > 0) throw new UsageError(`no behaviour matches ${unmatched.join(', ')}`);
  if (globs.length > 0) return listed.filter(({ id }) => globs.some((glob) => matchesId(id, glob)));
  if (args.all === true) return [...listed];
  return sample(listed, parseCount('sample', args.sample, defaultSample), parseCount('seed', args.seed, defaultSeed));
}
