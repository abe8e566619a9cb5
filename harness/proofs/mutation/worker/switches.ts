/** What the instrumented sources read and write (`globalThis.__stryker__`). */
interface Switches {
  activeMutant: string | undefined;
  currentTestId: string | undefined;
  mutantCoverage: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
  hitCount: number | undefined;
  hitLimit: number | undefined;
}

export const switches: Switches = {
  activeMutant: undefined,
  currentTestId: undefined,
  mutantCoverage: { static: {}, perTest: {} },
  hitCount: undefined,
  hitLimit: undefined,
};

(globalThis as { __stryker__?: Switches }).__stryker__ = switches;
