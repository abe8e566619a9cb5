import { diff, type IChange, Operation } from 'json-diff-ts';
import type { Contract } from '../contract/types.ts';
import { emptyReach, type Reach, typesReached } from './contract-reach.ts';
import { describeMessage, describeShape } from './describe-shape.ts';
import { keysOf, named, partsOf } from './diff-tree.ts';
import { findRenames } from './find-renames.ts';
import { canonicalText, fingerprintOf } from './fingerprint.ts';
import { fits } from './fits.ts';
import {
  kindText,
  type Message,
  messageKinds,
  type NormalContract,
  normalContract,
  type Shape,
} from './normal-contract.ts';
import { type Classes, ShapeDiff, stability } from './shape-diff.ts';
import type { Change, ChangeClass, ContractWhat } from './types.ts';

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

const paramsOf = ({ params, paramsRequired }: Message): Shape =>
  params === undefined ? { null: true } : { ref: params, ...(paramsRequired ? {} : { null: true }) };

const order: readonly ChangeClass[] = ['additive', 'behaviour', 'breaking'];

const worst = (classes: readonly ChangeClass[]): ChangeClass =>
  classes.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), 'additive');

function directionOf({ sent, received }: Change['classes']): Change['direction'] {
  if (sent !== undefined) return received === undefined ? 'sent' : 'both';
  return received === undefined ? 'none' : 'received';
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

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
