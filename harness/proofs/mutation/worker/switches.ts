/** What the instrumented sources read and write (`globalThis.__stryker__`). */
interface Switches {
  activeMutant: string | undefined;
  currentTestId: string | undefined;
  mutantCoverage: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
  hitCount: number | undefined;
  hitLimit: number | undefined;
}

const all = globalThis as { __stryker__?: Switches };

/** A source that was loaded before made the object, and keeps it: with another one, none of its mutants could be switched on. */
export const switches: Switches = Object.assign(all.__stryker__ ?? ({} as Switches), {
  activeMutant: undefined,
  currentTestId: undefined,
  mutantCoverage: all.__stryker__?.mutantCoverage ?? { static: {}, perTest: {} },
  hitCount: undefined,
  hitLimit: undefined,
});
all.__stryker__ = switches;
