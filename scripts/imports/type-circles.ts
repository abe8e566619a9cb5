/** Files that import one another in a circle of which at least one import is of types alone, and why they may. */
export interface TypeCircle {
  /** Sorted by name. */
  files: readonly string[];
  reason: string;
}

/** The circles of types that are there: none. They do not exist at run time; a new one is refused, so that it is either resolved or named here. */
export const typeCircles: readonly TypeCircle[] = [];
