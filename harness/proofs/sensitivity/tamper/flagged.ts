/** What the comparison said of changes to goldens. */
export interface Flagged {
  /** Changes that the comparison must flag. */
  tampered: number;
  flagged: number;
  /**
   * Changes that passed because a named rule drops or loosens their place on purpose, by rule: host facts, moments, the
   * spelling of a number. Not among `tampered`.
   */
  loosened: Record<string, number>;
}

/** The share that the comparison must flag, and the share of all changes that rules may let pass. */
export const bars = { leastFlagged: 0.995, mostLoosened: 0.04 };

/** Of what was not measured. */
export const noFigures: Flagged = { tampered: 0, flagged: 0, loosened: {} };

export function addFigures(one: Flagged, other: Flagged): Flagged {
  const loosened = { ...one.loosened };
  for (const [rule, count] of Object.entries(other.loosened)) loosened[rule] = (loosened[rule] ?? 0) + count;
  return { tampered: one.tampered + other.tampered, flagged: one.flagged + other.flagged, loosened };
}

/** Of all changes, the share that rules let pass on purpose. */
export function loosenedShare({ tampered, loosened = {} }: Pick<Flagged, 'tampered'> & Partial<Flagged>): number {
  const passed = Object.values(loosened).reduce((sum, count) => sum + count, 0);
  return tampered + passed === 0 ? 0 : passed / (tampered + passed);
}
