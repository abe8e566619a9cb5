import { expect, test, vi } from 'vitest';
import * as exec from './exec.ts';
import * as sdk from './index.ts';

type Menu = Readonly<Record<string, unknown>>;
type Class = (new (...args: never[]) => object) & { prototype: object };

const classesOf = (menu: Menu) =>
  Object.entries(menu).filter((entry): entry is [string, Class] => /^class\b/.test(`${entry[1]}`));

/** Every class of both menus, twice: as a program has it, and of a copy that was loaded for itself. */
async function copies(): Promise<[string, Class, Class][]> {
  vi.resetModules();
  const others: readonly Menu[] = [await import('./index.ts'), await import('./exec.ts')];
  return [sdk as Menu, exec as Menu].flatMap((menu, index) =>
    classesOf(menu).map(([name, one]): [string, Class, Class] => [name, one, others[index]?.[name] as Class]),
  );
}

test('an object of a class of another copy is one of that class here, and of its bases, and of nothing else', async () => {
  const all = await copies();
  expect(all.length).toBeGreaterThan(30);
  for (const [name, own, other] of all) {
    expect(own, name).not.toBe(other);
    const made = Object.create(other.prototype) as object;
    for (const [another, one, twin] of all)
      expect(made instanceof one, `${name} instanceof ${another}`).toBe(made instanceof twin);
    expect(made instanceof own, name).toBe(true);
  }
});

test('a class that a program derives has its own objects alone', async () => {
  for (const [name, own, other] of await copies()) {
    class Mine extends own {}
    expect(Object.create(other.prototype) instanceof Mine, name).toBe(false);
    expect(Object.create(own.prototype) instanceof Mine, name).toBe(false);
    const made = Object.create(Mine.prototype) as object;
    expect([made instanceof Mine, made instanceof own, made instanceof other], name).toEqual([true, true, true]);
  }
});

test.each([null, undefined, 1, 'text', Symbol.iterator, {}, Object.create(null), () => {}])(
  '%o is of no class',
  (value) => {
    for (const [name, one] of classesOf(sdk)) expect((value as unknown) instanceof one, name).toBe(false);
  },
);

test('a name on an object itself makes it none: what looks like an input is refused as before', () => {
  const made = JSON.parse('{"~twinproof": "TextInput", "text": "x"}') as unknown;
  expect(made).not.toBeInstanceOf(sdk.TextInput);
});
