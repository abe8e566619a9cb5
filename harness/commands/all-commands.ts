import { behavioursCommand } from './behaviours.ts';
import { coverageCommand } from './coverage.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { historyCommand } from './history.ts';
import { mergeCommand } from './merge.ts';
import { mutateCommand } from './mutate.ts';
import { newCommand } from './new.ts';
import { oracleCommand } from './oracle.ts';
import { recordCommand } from './record.ts';
import { replayCommand } from './replay.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { surfaceCommand } from './surface.ts';

/** Every subcommand of `npm run parity`, in the order of its help. */
export const commands = {
  run: runCommand,
  record: recordCommand,
  replay: replayCommand,
  new: newCommand,
  merge: mergeCommand,
  report: reportCommand,
  diff: diffCommand,
  oracle: oracleCommand,
  mutate: mutateCommand,
  behaviours: behavioursCommand,
  coverage: coverageCommand,
  doctor: doctorCommand,
  history: historyCommand,
  surface: surfaceCommand,
};
