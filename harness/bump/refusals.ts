import type { ScenarioFindings } from './fold-findings.ts';

/** In how many of its scenarios a reference cannot read what the new engine says, and how it puts that. */
export interface Refusals {
  refused: number;
  of: number;
  scenario: string;
  words: string;
}

/**
 * A call that fails on the new side alone, though the engine answered it without an error, is the client's own failure: an SDK that is older than the engine may
 * not know its words. Where that is so in most scenarios, what they show says nothing of the engine. Undefined otherwise.
 */
export function refusalsIn(all: readonly ScenarioFindings[]): Refusals | undefined {
  const failing = all.flatMap(({ scenario, findings }) => {
    const own = findings.find(
      ({ what, path, ch, lineBefore, lineAfter }) =>
        what === 'error-changed' &&
        path.length === 0 &&
        ch === 'error' &&
        lineBefore !== undefined &&
        lineAfter?.ch === 'error',
    );
    const isEngines = findings.some(({ what, ch }) => ch === 'wire.in' && what === 'error-changed');
    return own === undefined || isEngines ? [] : [{ scenario, words: JSON.stringify(own.lineAfter?.body.error) }];
  });
  const [first] = failing;
  if (first === undefined || 2 * failing.length <= all.length) return undefined;
  return { refused: failing.length, of: all.length, ...first };
}
