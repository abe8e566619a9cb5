import type { CellResult } from '../../cell/types.ts';

/** Why a cell failed: what broke, or the first difference. */
export function describeFailure({ verdict, reason, unexplained: [first] }: CellResult): string {
  return reason ?? (first === undefined ? verdict : `${first.kind} ${first.path}`);
}
