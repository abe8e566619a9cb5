import { behavioursCommand } from './behaviours.ts';
import { coverageCommand } from './coverage.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { fuzzCommand } from './fuzz.ts';
import { historyCommand } from './history.ts';
import { interleaveCommand } from './interleave.ts';
import { mergeCommand } from './merge.ts';
import { mutationCommand } from './mutation.ts';
import { newCommand } from './new.ts';
import { recordCommand } from './record.ts';
import { reportCommand } from './report.ts';
import { rerunCommand } from './rerun.ts';
import { runCommand } from './run.ts';
import { sensitivityCommand } from './sensitivity.ts';
import { surfaceCommand } from './surface.ts';
import { sweepCommand } from './sweep.ts';

/** Every subcommand of `npm run parity`, in the order of its help. */
export const commands = {
  run: runCommand,
  record: recordCommand,
  rerun: rerunCommand,
  new: newCommand,
  merge: mergeCommand,
  report: reportCommand,
  diff: diffCommand,
  sensitivity: sensitivityCommand,
  mutation: mutationCommand,
  interleave: interleaveCommand,
  behaviours: behavioursCommand,
  fuzz: fuzzCommand,
  coverage: coverageCommand,
  doctor: doctorCommand,
  history: historyCommand,
  surface: surfaceCommand,
  sweep: sweepCommand,
};
