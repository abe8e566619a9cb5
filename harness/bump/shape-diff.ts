import { type IChange, Operation } from 'json-diff-ts';
import { describeField, describeShape } from './describe-shape.ts';
import { keysOf, named, partsOf, wholeOrParts } from './diff-tree.ts';
import { findRenames } from './find-renames.ts';
import { canonicalText } from './fingerprint.ts';
import { limitsFit } from './fits.ts';
import { type Field, kindText, type Shape } from './normal-contract.ts';
import type { ChangeClass, ContractWhat } from './types.ts';

/** What a change is to a client that sends it, and to one that receives it. */
export type Classes = [sent: ChangeClass, received: ChangeClass];

export interface ShapeContext {
  place: string;
  /** The type itself became stable or experimental: its fields that did so too are no news. */
  moved: boolean;
  replaced(old: Shape, fresh: Shape): Classes;
  /** A shape of the new contract as a line. */
  fresh(shape: Shape): string;
  add(what: ContractWhat, place: string, classes: Classes, before: unknown, after: unknown): void;
}

/** The changes between two shapes of one place. */
export class ShapeDiff {
  readonly #old: Shape;
  readonly #new: Shape;
  readonly #changes: readonly IChange[];
  readonly #context: ShapeContext;

  constructor(old: Shape, fresh: Shape, changes: readonly IChange[], context: ShapeContext) {
    this.#old = old;
    this.#new = fresh;
    this.#changes = changes;
    this.#context = context;
  }

  /** @param required whether the place is always there: null is news to who could rely on a value */
  walk(required = true): void {
    const [old, fresh, keys] = [this.#old, this.#new, keysOf(this.#changes)];
    const { place, add, replaced } = this.#context;
    if (keys.has('null')) {
      if (fresh.null) add('null-added', place, ['additive', required ? 'breaking' : 'behaviour'], false, true);
      else add('null-removed', place, ['breaking', 'additive'], true, false);
    }
    if (keys.has('default')) this.#default();
    const [was, is] = [headOf(old), headOf(fresh)];
    if (was !== is) {
      const [one, other] = [withoutNull(old), withoutNull(fresh)];
      add(headWhat(old, fresh), place, replaced(one, other), describeShape(one), this.#context.fresh(other));
      return;
    }
    if (keys.has('format') || keys.has('minimum') || keys.has('minLength')) {
      const classes: Classes = [
        limitsFit(old, fresh) ? 'additive' : 'breaking',
        limitsFit(fresh, old) ? 'additive' : 'behaviour',
      ];
      add('limit-changed', place, classes, limits(old), limits(fresh));
    }
    if (keys.has('form')) add('union-form-changed', place, ['additive', 'additive'], old.form, fresh.form);
    if (keys.has('tag'))
      add(
        'type-changed',
        place,
        ['breaking', 'breaking'],
        `told apart by ${old.tag ?? 'nothing'}`,
        `told apart by ${fresh.tag ?? 'nothing'}`,
      );
    this.#values();
    this.#fields();
    this.#variants();
    this.#inner('items', `${place}[]`);
    this.#rest();
  }

  #default(): void {
    const parse = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
    const news: ChangeClass = this.#old.default === undefined ? 'additive' : 'behaviour';
    this.#context.add(
      'default-changed',
      this.#context.place,
      [news, news],
      parse(this.#old.default),
      parse(this.#new.default),
    );
  }

  #values(): void {
    const { place, add } = this.#context;
    const changes = partsOf(this.#changes, 'values');
    const whole = this.#changes.find(({ key }) => key === 'values');
    if (whole === undefined) return;
    const list = ({ values }: Shape) =>
      values === undefined ? undefined : Object.keys(values).map((value) => JSON.parse(value) as unknown);
    if (whole.type !== Operation.UPDATE) {
      const opened = whole.type === Operation.REMOVE;
      const classes: Classes = opened ? ['additive', 'behaviour'] : ['breaking', 'additive'];
      add('openness-changed', place, classes, list(this.#old), list(this.#new));
      return;
    }
    const plain = (value: string): string => {
      const parsed: unknown = JSON.parse(value);
      return typeof parsed === 'string' ? parsed : value;
    };
    const same = (names: readonly string[]) => new Map(names.map((name) => [plain(name), '']));
    const [removed, added] = [named(changes, Operation.REMOVE), named(changes, Operation.ADD)];
    const renames = findRenames(same(removed), same(added));
    this.#renamed(renames, (name) => `${place}=${name}`);
    for (const value of removed.map(plain).filter((one) => !renames.has(one)))
      add('enum-value-removed', `${place}=${value}`, ['breaking', 'behaviour'], value, undefined);
    const gone = new Set(renames.values());
    for (const value of added.map(plain).filter((one) => !gone.has(one)))
      add('enum-value-added', `${place}=${value}`, ['additive', 'behaviour'], undefined, value);
  }

  #fields(): void {
    const { place, add, moved } = this.#context;
    const [old, fresh] = [this.#old.fields ?? {}, this.#new.fields ?? {}];
    const changes = wholeOrParts(this.#changes, 'fields', old, fresh);
    const text = (of: Record<string, Field>) => (name: string) => {
      const { required, shape } = of[name] as Field;
      return [name, canonicalText({ required, shape })] as const;
    };
    const [removed, added] = [named(changes, Operation.REMOVE), named(changes, Operation.ADD)];
    const renames = findRenames(new Map(removed.map(text(old))), new Map(added.map(text(fresh))));
    this.#renamed(renames, (name) => `${place}.${name}`);
    for (const name of removed.filter((one) => !renames.has(one)))
      add('field-removed', `${place}.${name}`, ['breaking', 'breaking'], describeField(old[name] as Field), undefined);
    const gone = new Set(renames.values());
    for (const name of added.filter((one) => !gone.has(one))) {
      const field = fresh[name] as Field;
      const text = `${field.required ? '' : '?'}: ${this.#context.fresh(field.shape)}${field.stable ? '' : ' (experimental)'}`;
      add('field-added', `${place}.${name}`, [field.required ? 'breaking' : 'additive', 'additive'], undefined, text);
    }
    for (const change of changes.filter(({ type }) => type === Operation.UPDATE)) {
      const [before, after] = [old[change.key] as Field, fresh[change.key] as Field];
      const inner = { ...this.#context, place: `${place}.${change.key}`, moved: false };
      if (before.required !== after.required) {
        const more = after.required;
        add(
          more ? 'required-added' : 'required-removed',
          inner.place,
          more ? ['breaking', 'additive'] : ['additive', 'breaking'],
          before.required,
          after.required,
        );
      }
      if (before.stable !== after.stable && !moved) {
        const classes: Classes = after.stable ? ['additive', 'additive'] : ['breaking', 'breaking'];
        add('stability-moved', inner.place, classes, stability(before.stable), stability(after.stable));
      }
      const parts = partsOf(change.changes ?? [], 'shape');
      if (parts.length > 0) new ShapeDiff(before.shape, after.shape, parts, inner).walk(before.required);
    }
  }

  #variants(): void {
    const { place, add } = this.#context;
    const [old, fresh] = [this.#old.variants ?? {}, this.#new.variants ?? {}];
    const changes = partsOf(this.#changes, 'variants');
    const text = (of: Record<string, Shape>) => (name: string) => [name, canonicalText(of[name])] as const;
    const [removed, added] = [named(changes, Operation.REMOVE), named(changes, Operation.ADD)];
    const renames = findRenames(new Map(removed.map(text(old))), new Map(added.map(text(fresh))));
    this.#renamed(renames, (name) => `${place}{${name}}`);
    for (const name of removed.filter((one) => !renames.has(one)))
      add(
        'variant-removed',
        `${place}{${name}}`,
        ['breaking', 'breaking'],
        describeShape(old[name] as Shape),
        undefined,
      );
    const gone = new Set(renames.values());
    for (const name of added.filter((one) => !gone.has(one)))
      add(
        'variant-added',
        `${place}{${name}}`,
        ['additive', 'behaviour'],
        undefined,
        this.#context.fresh(fresh[name] as Shape),
      );
    for (const { key, type, changes: inner = [] } of changes) {
      if (type !== Operation.UPDATE) continue;
      const [before, after] = [old[key] as Shape, fresh[key] as Shape];
      // The values of an enum among other variants are the union's own.
      const own = before.values === undefined ? `${place}{${key}}` : place;
      new ShapeDiff(before, after, inner, { ...this.#context, place: own }).walk();
    }
  }

  #inner(key: 'items' | 'rest', place: string): void {
    const [before, after] = [this.#old[key], this.#new[key]];
    const change = this.#changes.find((one) => one.key === key);
    if (change === undefined) return;
    if (before !== undefined && after !== undefined)
      new ShapeDiff(before, after, change.changes ?? [], { ...this.#context, place, moved: false }).walk();
    else {
      const [one, other]: [Shape, Shape] = [before ?? { any: true }, after ?? { any: true }];
      this.#context.add(
        'type-changed',
        place,
        this.#context.replaced(one, other),
        describeShape(one),
        this.#context.fresh(other),
      );
    }
  }

  /** Fields that are not listed. */
  #rest(): void {
    const { place, add } = this.#context;
    if (!this.#changes.some(({ key }) => key === 'rest')) return;
    const [before, after] = [this.#old.rest, this.#new.rest];
    const typed = ({ any, never }: Shape) => any !== true && never !== true;
    if (before !== undefined && after !== undefined && typed(before) && typed(after)) {
      this.#inner('rest', `${place}.*`);
      return;
    }
    const width = (shape: Shape | undefined) => (shape === undefined || shape.any ? 2 : shape.never ? 0 : 1);
    const [was, is] = [width(before), width(after)];
    const classes: Classes =
      was === is ? ['additive', 'additive'] : is > was ? ['additive', 'behaviour'] : ['breaking', 'additive'];
    add(
      'openness-changed',
      `${place}.*`,
      classes,
      before && describeShape(before),
      after && this.#context.fresh(after),
    );
  }

  #renamed(renames: ReadonlyMap<string, string>, placeOf: (name: string) => string): void {
    for (const [name, now] of renames) this.#context.add('renamed', placeOf(name), ['breaking', 'breaking'], name, now);
  }
}

/** What kind of thing it is: as long as that is the same, its parts are compared. */
function headOf(shape: Shape): string {
  if (shape.any) return 'any';
  if (shape.never) return 'never';
  if (shape.ref !== undefined) return `ref ${shape.ref}`;
  return `${shape.variants === undefined ? '' : 'union '}${kindText(shape)}`;
}

function headWhat(old: Shape, fresh: Shape): ContractWhat {
  const several = (shape: Shape) =>
    shape.any === true || shape.variants !== undefined || Object.keys(shape.kinds ?? {}).length > 1;
  if (several(old) === several(fresh)) return 'type-changed';
  return several(fresh) ? 'union-in-place-of-value' : 'value-in-place-of-union';
}

function withoutNull({ null: _, default: _default, ...shape }: Shape): Shape {
  return shape;
}

const limits = ({ format, minimum, minLength }: Shape) => ({
  ...(format === undefined ? {} : { format }),
  ...(minimum === undefined ? {} : { minimum }),
  ...(minLength === undefined ? {} : { minLength }),
});

export const stability = (stable: boolean) => (stable ? 'stable' : 'experimental');
