import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compare, differs } from '../../../compare/compare.ts';
import { goldenPath, readGolden } from '../../../golden/golden-file.ts';
import { hydrate } from '../../../golden/hydrate.ts';
import { NormaliseCache } from '../../../normalise/cache.ts';
import { normalise } from '../../../normalise/normalise.ts';
import { rules } from '../../../normalise/rules/index.ts';
import { drop, type NormalisedObservation, type ValueRule } from '../../../normalise/types.ts';
import { leastShare, measureSensitivity } from './measure.ts';
import { tamperingsOf } from './tamperings.ts';

const folder = fileURLToPath(new URL('../../../../fixtures/golden', import.meta.url));
const golden = (await readGolden(goldenPath(folder, 'turns/plain-message'))) as NormalisedObservation;

const blind = (name: string, apply: ValueRule['apply']) => ({
  ...rules,
  value: [{ name, reason: 'a test', apply }, ...rules.value],
});

describe('measureSensitivity', () => {
  it('flags nearly everything, and says which rule hid the rest', async () => {
    const { tampered, flagged, share, classes, hidden, hiddenBy, least } = await measureSensitivity([golden]);
    expect(tampered).toBeGreaterThan(900);
    expect(share).toBe(flagged / tampered);
    expect(share).toBeGreaterThanOrEqual(leastShare);
    expect(classes.presence.flagged).toBe(classes.presence.tampered);
    expect(classes.order.tampered).toBeGreaterThan(5);
    expect(classes.leaf.tampered + classes.presence.tampered + classes.order.tampered).toBe(tampered);
    expect(hidden).toHaveLength(tampered - flagged);
    expect(hiddenBy).toMatchObject({ 'host-name': 1, 'program-path': 1 });
    expect(hidden).toContainEqual({
      scenario: 'turns/plain-message',
      line: 1 + golden.lines.findIndex(({ key }) => key === 'remoteControl/status/changed') + 1,
      ch: 'wire.in',
      key: 'remoteControl/status/changed',
      path: '/msg/params/serverName',
      class: 'leaf',
      how: 'text + "~"',
      rule: 'host-name',
    });
    // A moment that the client shows is compared with what the engine said; the engine's own is free.
    const shown = least.hidden.filter(({ ch, rule }) => rule === 'time' && (ch === 'result' || ch === 'event'));
    expect(shown).toEqual([]);
    expect(least.hiddenBy.time).toBeGreaterThan(10);
  });

  it('falls far below where a rule drops every text, and blames that rule', async () => {
    const { share, hiddenBy } = await measureSensitivity([golden], {
      rules: blind('blind', (value, { key }) =>
        typeof value === 'string' && key !== 'method' && key !== 'id' ? drop : undefined,
      ),
    });
    expect(share).toBeLessThan(0.8);
    expect(hiddenBy.blind).toBeGreaterThan(100);
  });

  it('falls where a rule blanks one field', async () => {
    const { hiddenBy } = await measureSensitivity([golden], {
      rules: blind('blank-text', (_value, { key }) => (key === 'text' ? '<text>' : undefined)),
    });
    expect(hiddenBy['blank-text']).toBeGreaterThanOrEqual(4);
  });

  it('makes no more than the wanted number, spread over the golden', async () => {
    const { tampered, classes, least } = await measureSensitivity([golden], { most: 60 });
    expect(tampered + least.tampered).toBeGreaterThan(30);
    expect(tampered + least.tampered).toBeLessThanOrEqual(60);
    expect(classes.leaf.tampered).toBeGreaterThan(0);
    expect(classes.presence.tampered).toBeGreaterThan(0);
  });

  it('flags nothing where there is nothing', async () => {
    expect(await measureSensitivity([])).toMatchObject({ tampered: 0, flagged: 0, share: 0 });
  });
});

it('normalises with a cache as without one, and says in short what compare says at length', () => {
  const observation = hydrate(golden);
  const cache = new NormaliseCache();
  const reference = normalise(observation, cache);
  let tried = 0;
  for (const [index, { lines }] of [...tamperingsOf({ observation, reference, volatile: () => [] })].entries()) {
    if (index % 5 !== 0) continue;
    const tampered = { header: observation.header, lines };
    const quick = normalise(tampered, cache);
    expect(quick).toEqual(normalise(tampered));
    expect(differs(reference, quick)).toBe(compare(reference, quick).length > 0);
    tried += 1;
  }
  expect(tried).toBeGreaterThan(150);
});
