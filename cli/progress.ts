import type { Output } from '../harness/commands/output.mjs';
import type { InstallStep } from '../native/install-engine.mjs';

const words: Readonly<Record<InstallStep['step'], string>> = {
  download: 'Downloading',
  unpack: 'Unpacking',
  verify: 'Verifying',
};
const width = 24;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** `Unpacking   ████████░░░░░░░░  52 %  88.1 MB of 170.2 MB`; without a total, how much it is so far. */
export function progressLine({ step, done, total }: InstallStep): string {
  const head = words[step].padEnd(12);
  if (total === undefined || total === 0) return `${head}${megabytes(done)}`;
  const share = Math.min(done / total, 1);
  const full = Math.round(share * width);
  const bar = '█'.repeat(full) + '░'.repeat(width - full);
  return `${head}${bar} ${`${Math.floor(share * 100)} %`.padStart(5)}  ${megabytes(done)} of ${megabytes(total)}`;
}

/** Shows it below everything else, where somebody watches. */
export const progressOn = (output: Output) =>
  output.live ? (step: InstallStep) => output.status(progressLine(step)) : undefined;
