import { wantedShare } from './tamper/measure.ts';

/** What is wrong with the sensitivity by its figures; undefined: nothing, or it was not measured. */
export function sensitivityProblem({ tampered, flagged }: { tampered: number; flagged: number }): string | undefined {
  if (tampered === 0 || flagged / tampered >= wantedShare) return undefined;
  // Rounded down: 98.996 % is not 99 %.
  const share = Math.floor((flagged / tampered) * 1e4) / 100;
  const wanted = `wanted at least ${100 * wantedShare} %; npm run parity -- sensitivity names what is hidden`;
  return `sensitivity: the comparison flagged ${share} % of ${tampered} tamperings with the goldens, ${wanted}`;
}
