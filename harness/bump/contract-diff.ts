import { diff, type IChange, Operation } from 'json-diff-ts';
import type { Contract } from '../contract/types.ts';
import { emptyReach, type Reach, typesReached } from './contract-reach.ts';
import { describeField, describeMessage, describeShape } from './describe-shape.ts';
import { findRenames } from './find-renames.ts';
import { canonicalText, fingerprintOf } from './fingerprint.ts';
import { fits, limitsFit } from './fits.ts';
import {
  type Field,
  kindText,
  type Message,
  messageKinds,
  type NormalContract,
  normalContract,
  type Shape,
} from './normal-contract.ts';
import type { Change, ChangeClass, ContractWhat } from './types.ts';

/** What a change is to a client that sends it, and to one that receives it. */
type Classes = [sent: ChangeClass, received: ChangeClass];

/**
 * What an engine's contract changed, sorted by place. Every difference that means something belongs to one change; a type's name, its text in `after` or
 * `before` and its parts are one change where it is there as a whole in one of the two only.
 */
export function diffContracts(from: Contract, to: Contract): Change[] {
  return new ContractDiff(from, to).changes();
}

class ContractDiff {
  readonly #old: NormalContract;
  #new: NormalContract;
  readonly #reached: readonly Map<string, Reach>[];
  /** New names of types that were renamed, by their old ones. */
  #names: ReadonlyMap<string, string> = new Map();
  readonly #found: Change[] = [];

  constructor(from: Contract, to: Contract) {
    this.#old = normalContract(from);
    this.#new = normalContract(to);
    this.#renameTypes();
    this.#reached = [typesReached(this.#old), typesReached(this.#new)];
  }

  changes(): Change[] {
    const tree = diff(this.#old, this.#new);
    for (const kind of messageKinds) this.#messages(kind, partsOf(partsOf(tree, 'messages'), kind));
    this.#types(partsOf(tree, 'types'));
    return this.#found.sort((a, b) => compare(a.place, b.place) || compare(a.what, b.what));
  }

  /** A type of another name and the same shape is one change, and those that name it are none: the new contract is read with the old name. */
  #renameTypes(): void {
    const [old, fresh] = [this.#old.types, this.#new.types];
    const only = (own: NormalContract['types'], other: NormalContract['types']) =>
      new Map(
        Object.keys(own)
          .filter((name) => other[name] === undefined)
          .map((name) => [name, shapeText(own, name)]),
      );
    const renames = findRenames(only(old, fresh), only(fresh, old));
    this.#names = renames;
    const back = new Map([...renames].map(([name, now]) => [now, name]));
    if (back.size === 0) return;
    const [reachedOld, reachedNew] = [typesReached(this.#old), typesReached(this.#new)];
    for (const [name, now] of renames)
      this.#add('renamed', name, ['breaking', 'breaking'], [reachedOld.get(name), reachedNew.get(now)], name, now);
    const types = Object.entries(fresh).map(([name, type]) => [back.get(name) ?? name, renamed(type, back)]);
    const messages = messageKinds.map((kind) => [kind, renamed(this.#new.messages[kind], back)]);
    this.#new = { types: Object.fromEntries(types), messages: Object.fromEntries(messages) };
  }

  #messages(kind: (typeof messageKinds)[number], changes: readonly IChange[]): void {
    const [old, fresh] = [this.#old.messages[kind], this.#new.messages[kind]];
    const ours = kind.startsWith('client');
    // What a method is to a client: it sends a request and reads the answer, or the other way round.
    const reachOf = (name: string, message: Message): Reach => {
      const answer = message.result === undefined ? [] : [name];
      return { sent: new Set(ours ? [name] : answer), received: new Set(ours ? answer : [name]) };
    };
    const added = named(changes, Operation.ADD);
    const removed = named(changes, Operation.REMOVE);
    const text = (of: Record<string, Message>, types: NormalContract['types']) => (name: string) =>
      messageText(of[name] as Message, types);
    const renames = findRenames(
      new Map(removed.map((name) => [name, text(old, this.#old.types)(name)])),
      new Map(added.map((name) => [name, text(fresh, this.#new.types)(name)])),
    );
    for (const [name, now] of renames) {
      const reach = [reachOf(name, old[name] as Message), reachOf(now, fresh[now] as Message)];
      this.#add('renamed', name, ['breaking', 'breaking'], reach, name, now);
    }
    for (const name of removed.filter((one) => !renames.has(one))) {
      const message = old[name] as Message;
      this.#add(
        'method-removed',
        name,
        ['breaking', 'breaking'],
        [reachOf(name, message)],
        describeMessage(message),
        undefined,
      );
    }
    const gone = new Set(renames.values());
    for (const name of added.filter((one) => !gone.has(one))) {
      const message = fresh[name] as Message;
      // A client does not know what it is asked or told.
      const classes: Classes = ['additive', ours ? 'additive' : 'behaviour'];
      this.#add(
        'method-added',
        name,
        classes,
        [reachOf(name, message)],
        undefined,
        describeMessage(renamed(message, this.#names)),
      );
    }
    for (const change of changes.filter(({ type }) => type === Operation.UPDATE)) {
      const [before, after] = [old[change.key] as Message, fresh[change.key] as Message];
      this.#message(change.key, before, after, keysOf(change.changes), ours);
    }
  }

  #message(name: string, before: Message, after: Message, keys: ReadonlySet<string>, ours: boolean): void {
    const way = (sent: boolean): Reach => ({
      sent: new Set(sent ? [name] : []),
      received: new Set(sent ? [] : [name]),
    });
    const both = { sent: way(true).sent, received: way(false).received };
    if (keys.has('params')) {
      const classes = this.#replaced(paramsOf(before), paramsOf(after));
      this.#add('params-changed', name, classes, [way(ours)], before.params, renamed(after, this.#names).params);
    } else if (keys.has('paramsRequired')) {
      const more = after.paramsRequired;
      const classes: Classes = more ? ['breaking', 'additive'] : ['additive', 'breaking'];
      this.#add(more ? 'required-added' : 'required-removed', name, classes, [way(ours)], before.paramsRequired, more);
    }
    if (keys.has('result')) {
      const classes = this.#replaced({ ref: before.result ?? '' }, { ref: after.result ?? '' });
      this.#add('result-changed', name, classes, [way(!ours)], before.result, renamed(after, this.#names).result);
    }
    if (keys.has('stability')) this.#moved(name, [both], before.stability, after.stability);
  }

  #types(changes: readonly IChange[]): void {
    for (const { key: name, type, changes: inner = [] } of changes) {
      const reach = this.#reachOf(name);
      const [old, fresh] = [this.#old.types[name], this.#new.types[name]];
      if (type === Operation.ADD)
        this.#add('type-added', name, ['additive', 'additive'], reach, undefined, this.#describe(fresh));
      else if (type === Operation.REMOVE)
        this.#add('type-removed', name, ['breaking', 'breaking'], reach, this.#describe(old), undefined);
      else if (old !== undefined && fresh !== undefined) {
        if (keysOf(inner).has('stable')) this.#moved(name, reach, stability(old.stable), stability(fresh.stable));
        const moved = old.stable !== fresh.stable;
        new ShapeDiff(old.shape, fresh.shape, partsOf(inner, 'shape'), {
          place: name,
          moved,
          replaced: (a, b) => this.#replaced(a, b),
          fresh: (shape) => describeShape(renamed(shape, this.#names)),
          add: (what, place, classes, before, after) => this.#add(what, place, classes, reach, before, after),
        }).walk();
      }
    }
  }

  #describe(type: NormalContract['types'][string] | undefined): string | undefined {
    if (type === undefined) return undefined;
    const text = describeShape(renamed(type.shape, this.#names));
    // Said once, not of each field.
    return type.stable ? text : `${text.replaceAll(' (experimental)', '')} (experimental)`;
  }

  #reachOf(name: string): (Reach | undefined)[] {
    return this.#reached.map((types) => types.get(name));
  }

  #moved(place: string, reach: readonly (Reach | undefined)[], before: string, after: string): void {
    const classes: Classes =
      after === 'stable' || before === 'unlisted' ? ['additive', 'additive'] : ['breaking', 'breaking'];
    this.#add('stability-moved', place, classes, reach, before, after);
  }

  /** The class of one shape in place of another. */
  #replaced(old: Shape, fresh: Shape): Classes {
    const [before, after] = [this.#old.types, this.#new.types];
    const wider = fits(old, before, fresh, after);
    const narrower = fits(fresh, after, old, before);
    // The same values under another name: nothing on the wire tells, but a text may mean something else.
    if (wider && narrower) return isScalar(old, before) ? ['behaviour', 'behaviour'] : ['additive', 'additive'];
    return [wider ? 'additive' : 'breaking', narrower ? 'additive' : 'breaking'];
  }

  #add(
    what: ContractWhat,
    place: string,
    [sent, received]: Classes,
    reach: readonly (Reach | undefined)[],
    before: unknown,
    after: unknown,
  ): void {
    const all = reach.reduce<Reach>((sum, one) => {
      for (const name of one?.sent ?? []) sum.sent.add(name);
      for (const name of one?.received ?? []) sum.received.add(name);
      return sum;
    }, emptyReach());
    const classes = {
      ...(all.sent.size > 0 ? { sent } : {}),
      ...(all.received.size > 0 ? { received } : {}),
    };
    const change = { source: 'contract', what, place } as const;
    this.#found.push({
      fingerprint: fingerprintOf(change, { before, after }),
      ...change,
      class: worst(Object.values(classes)),
      classes,
      direction: directionOf(classes),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      messages: [...new Set([...all.sent, ...all.received])].sort(),
      provenBy: [],
      blame: 'engine',
      scenarios: 0,
    });
  }
}

interface ShapeContext {
  place: string;
  /** The type itself became stable or experimental: its fields that did so too are no news. */
  moved: boolean;
  replaced(old: Shape, fresh: Shape): Classes;
  /** A shape of the new contract as a line. */
  fresh(shape: Shape): string;
  add(what: ContractWhat, place: string, classes: Classes, before: unknown, after: unknown): void;
}

/** The changes between two shapes of one place. */
class ShapeDiff {
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

const paramsOf = ({ params, paramsRequired }: Message): Shape =>
  params === undefined ? { null: true } : { ref: params, ...(paramsRequired ? {} : { null: true }) };

const stability = (stable: boolean) => (stable ? 'stable' : 'experimental');

const order: readonly ChangeClass[] = ['additive', 'behaviour', 'breaking'];

const worst = (classes: readonly ChangeClass[]): ChangeClass =>
  classes.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), 'additive');

function directionOf({ sent, received }: Change['classes']): Change['direction'] {
  if (sent !== undefined) return received === undefined ? 'sent' : 'both';
  return received === undefined ? 'none' : 'received';
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What is below a key; nothing where it is there in one of the two only. */
const partsOf = (changes: readonly IChange[], key: string): readonly IChange[] =>
  changes.find((change) => change.key === key)?.changes ?? [];

const keysOf = (changes: readonly IChange[] = []): ReadonlySet<string> => new Set(changes.map(({ key }) => key));

const named = (changes: readonly IChange[], type: Operation): string[] =>
  changes.filter((change) => change.type === type).map(({ key }) => key);

/** The same, with a list of members that one of the two lacks as if it were empty there. */
function wholeOrParts(changes: readonly IChange[], key: string, old: object, fresh: object): readonly IChange[] {
  const change = changes.find((one) => one.key === key);
  if (change === undefined || change.type === Operation.UPDATE) return change?.changes ?? [];
  return change.type === Operation.ADD ? diff({}, fresh) : diff(old, {});
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

function isScalar(shape: Shape, types: NormalContract['types']): boolean {
  if (shape.ref !== undefined) return isScalar(types[shape.ref]?.shape ?? {}, types);
  return shape.variants === undefined && /^(?:string|number|integer|boolean)$/.test(kindText(shape));
}

/** The type as a text in which it has no name of its own. */
const shapeText = (types: NormalContract['types'], name: string): string =>
  canonicalText(types[name]?.shape).replaceAll(`"ref":${JSON.stringify(name)}`, '"ref":""');

/** A message by what its types are, not by how they are called: a renamed method nearly always brings renamed types. */
function messageText({ params, result, ...message }: Message, types: NormalContract['types']): string {
  const text = (name: string | undefined) => (name === undefined ? '' : shapeText(types, name));
  return canonicalText({ ...message, params: text(params), result: text(result) });
}

/** A copy of it with other names of types. */
function renamed<Part extends object>(part: Part, names: ReadonlyMap<string, string>): Part {
  if (names.size === 0) return part;
  const isName = (key: string) => key === 'ref' || key === 'params' || key === 'result';
  const text = JSON.stringify(part, (key, value: unknown) =>
    isName(key) && typeof value === 'string' ? (names.get(value) ?? value) : value,
  );
  return JSON.parse(text) as Part;
}
