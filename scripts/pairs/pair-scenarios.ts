import { stringify } from 'yaml';
import type { JsonObject } from '../../testing/json/json.ts';
import { Block, type Ground, idOf, type Line, type Side } from './block.ts';
import { type Operation, operations } from './operations.ts';

/** An operation that is unfinished when others of its thread begin, one after the other. */
export interface Group {
  first: string;
  seconds: readonly string[];
  /** Whether each of the others is answered before the next one begins, or all of them after the first. */
  nested: boolean;
}

const names = Object.keys(operations);
const operation = (name: string) => operations[name] as Operation;

/**
 * What the thread of a pair has under way. Undefined if there is no such pair: a thread that works on a goal has no turn that a
 * program has started, and the client lets none start.
 */
export function groundOf(first: string, second: string): Ground | undefined {
  const [a, b] = [operation(first).needs, operation(second).needs];
  if (a !== undefined && b !== undefined && a !== b) return undefined;
  const ground = a ?? b ?? 'idle';
  return isRefused(first, ground) ? undefined : ground;
}

/** Whether the client refuses it by itself, on such a thread or once another operation has begun there: then it is over at once. */
function isRefused(name: string, ground: Ground, first?: string): boolean {
  const block = new Block(0, '');
  block.goal = ground === 'goal';
  if (first !== undefined) operation(first).play(block, '');
  const { fails, begins } = operation(name).play(block, '');
  return fails === true && begins.length === 0;
}

const isOurs = (name: string) => !operation(name).python;
const isPlain = (name: string) => operation(name).plain === true;

/** Whether there is such a pair, and no other one that stands for it. */
export const isTold = (first: string, second: string): boolean =>
  groundOf(first, second) !== undefined &&
  !operation(first).second &&
  !(operation(first).reads && operation(second).reads) &&
  !(first === second && operation(first).single) &&
  !((isOurs(first) && operation(second).like) || (isOurs(second) && operation(first).like));

/** The groups of each scenario, by its name: one for each first operation, and one more for what only ours has. */
export function groupsByScenario(): Map<string, Group[]> {
  const found = new Map<string, Group[]>();
  for (const first of names)
    for (const ours of [false, true]) {
      const seconds = names.filter((name) => isTold(first, name) && (isOurs(first) || isOurs(name)) === ours);
      if (seconds.length > 0) found.set(ours ? `ours-${first}` : first, groupsOf(first, seconds));
    }
  return found;
}

/** Plain requests together, each other operation by itself. */
function groupsOf(first: string, seconds: readonly string[]): Group[] {
  const plain = new Map<string, string[]>();
  for (const name of seconds.filter(isPlain)) {
    const like = `${groundOf(first, name)} ${isNested(first, name)}`;
    plain.set(like, [...(plain.get(like) ?? []), name]);
  }
  const alone = seconds.filter((name) => !isPlain(name)).map((name) => [name]);
  return [...plain.values(), ...alone].map((group) => ({
    first,
    seconds: group,
    nested: isNested(first, group[0] as string),
  }));
}

/** Whether the second is answered before the first. Of the two pairs of two operations, one is so. */
function isNested(first: string, second: string): boolean {
  // While its handler is busy, Python reads nothing.
  if (operation(first).asked) return false;
  if (operation(second).asked) return true;
  if (isRefused(second, groundOf(first, second) ?? 'idle', first) || first === second) return true;
  const [a, b] = [names.indexOf(first), names.indexOf(second)];
  return ((a + b) % 2 === 0) === a < b;
}

/** The files of `fixtures/scenarios/pairs`. */
export function pairScenarios(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [name, groups] of groupsByScenario()) {
    const scenario = new PairScenario();
    for (const group of groups) scenario.add(group);
    files[`${name}.yaml`] = scenario.text(name, `${groups[0]?.first} is unfinished when others of its thread begin`);
  }
  for (const [name, ours] of [
    ['closed', false],
    ['ours-closed', true],
  ] as const) {
    const scenario = new PairScenario();
    scenario.close(names.filter((one) => isOurs(one) === ours && !leftAtTheEnd.has(one)));
    files[`${name}.yaml`] = scenario.text(name, 'Every operation is unfinished when the client closes');
  }
  return files;
}

/** What the program itself keeps open is shown by scenarios of their own: `approvals/unanswered-at-the-end`, `tools/function-of-a-dead-engine`. */
const leftAtTheEnd: ReadonlySet<string> = new Set(['approval', 'tool', 'attach']);

/** Pair after pair with one client and one engine, each on a thread that has nothing under way but what the pair needs. */
class PairScenario {
  readonly #script: Line[] = [];
  readonly #steps: Line[] = [];
  readonly #answers: Line[] = [];
  readonly #covers = new Set<string>();
  #number = 0;
  #reached = 0;
  #thread: string | undefined;

  text(name: string, title: string): string {
    const ours = name.startsWith('ours-');
    const list = (key: string, lines: readonly Line[]) =>
      lines.length === 0 ? [] : [`${key}:`, ...lines.map((line) => `  - ${flow(line)}`)];
    return [
      '# yaml-language-server: $schema=../../schema/scenario.schema.json',
      '# Made from scripts/pairs/operations.ts by `npm run generate`: do not edit it.',
      `id: pairs/${name}`,
      `title: ${title}`,
      'family: app-server',
      'needs: [sdk]',
      ...(ours ? ['# Python lacks one of the two, or the one: our own golden.', 'clients: [ts]'] : []),
      `covers: ${flow([...this.#covers])}`,
      '# Handles of turns that nobody reads.',
      'rest: { turns: 40 }',
      ...list('answers', this.#answers),
      ...list('script', this.#script),
      ...list('steps', this.#steps),
      '',
    ].join('\n');
  }

  add({ first: name, seconds: others, nested }: Group): void {
    const first = operation(name);
    const seconds = others.map(operation);
    const ground = groundOf(name, others[0] as string) as Ground;
    const options: JsonObject = Object.assign({}, first.thread, ...seconds.map(({ thread }) => thread));
    const block = this.#ground(ground, options);
    const a = first.play(block, `a${block.number}`);
    this.#begin(a);
    if (first.unanswered && seconds[0]?.starts && !a.fails) this.#queued(block, a, seconds[0]);
    else if (nested) this.#nested(block, a, seconds);
    else this.#crossed(block, a, seconds);
    this.#settle(block);
    const isSpent =
      ground === 'goal' || Object.keys(options).length > 0 || [first, ...seconds].some(({ spoils }) => spoils);
    if (isSpent) this.#thread = undefined;
  }

  /** Ends what still runs on the thread, before the next pair begins. */
  #settle(block: Block): void {
    const { turn } = block;
    this.#script.push(...block.complete());
    if (turn !== undefined) this.#steps.push({ 'await-wire': 'turn/completed', match: { 'turn.id': turn } });
  }

  /** Each on a thread of its own. */
  close(operations: readonly string[]): void {
    const sides = operations.map((name) => {
      this.#thread = undefined;
      const block = this.#ground(operation(name).needs ?? 'idle');
      const side = operation(name).play(block, `a${block.number}`);
      this.#begin({ ...side, fails: true });
      return side;
    });
    this.#script.push({ hang: 'until-closed' });
    this.#steps.push({ close: 'codex' });
    this.#join(sides);
  }

  /** Brings the thread to where the pair begins. */
  #ground(ground: Ground, options: JsonObject = {}): Block {
    const number = ++this.#number;
    const isGiven = Object.keys(options).length > 0;
    if (this.#thread === undefined || isGiven) {
      this.#thread = `t${number}`;
      this.#steps.push({ call: 'codex.thread_start', as: this.#thread, ...(isGiven && { with: options }) });
      this.#script.push(
        { expect: 'thread/start', as: this.#thread },
        { answer: this.#thread, result: { thread: { id: idOf(this.#thread) } } },
      );
    }
    const block = new Block(number, this.#thread);
    if (ground === 'idle') return block;
    const [from, name] = ground === 'turn' ? ['turn', `h${number}`] : ['goal', `g${number}`];
    const side = operation(from).play(block, name);
    this.#steps.push(called(side));
    this.#script.push(...side.begins, ...side.ends());
    return block;
  }

  /** Each of the others ends before the next begins, and the first last. */
  #nested(block: Block, a: Side, seconds: readonly Operation[]): void {
    for (const [index, second] of seconds.entries()) {
      const b = second.play(block, nameOf(block, index));
      this.#perform(b);
    }
    this.#finish(a);
    this.#join([a]);
  }

  /** All are unfinished at once, and end in the order in which they have begun. */
  #crossed(block: Block, a: Side, seconds: readonly Operation[]): void {
    const all = [a];
    for (const [index, second] of seconds.entries()) {
      const b = second.play(block, nameOf(block, index));
      this.#begin(b);
      all.push(b);
    }
    for (const side of all) this.#finish(side);
    this.#join(all);
  }

  /** It ends before the next step. */
  #perform(side: Side): void {
    const { step, begins, fails } = side;
    if (step !== undefined && (begins.length > 0 || fails)) {
      this.#cover(side);
      this.#steps.push(called(side));
      this.#script.push(...begins, ...side.ends());
      // Refused because of what is under way on the thread, which must last until then.
      if (begins.length === 0) this.#hold(String(step['as']));
    } else {
      this.#begin(side);
      this.#finish(side);
      this.#join([side]);
    }
  }

  /** The script waits until the scenario has got here. */
  #hold(latch: string): void {
    this.#script.push({ hold: latch });
    this.#steps.push({ release: latch });
  }

  #finish({ ends, frees }: Side): void {
    this.#script.push(...ends());
    if (frees === undefined) return;
    this.#steps.push(...frees);
    this.#meet();
  }

  /**
   * A client starts one turn or goal at a time on a thread, so the second is sent once the first is answered. A request that is sent after the call of the
   * second, and before that answer, shows it.
   */
  #queued(block: Block, a: Side, second: Operation): void {
    const { number, thread, threadId } = block;
    const read = `r${number}`;
    this.#script.push({ expect: 'thread/read', as: read, params: { threadId } }, { answer: read }, ...a.ends());
    const b = second.play(block, `b${number}`);
    this.#begin(b, false);
    this.#steps.push({ call: `${thread}.read`, as: read });
    this.#script.push(...b.ends());
    this.#join([a, b]);
    if (b.begins.length === 0) this.#hold(read);
  }

  /** @param meets whether the scenario waits until the engine has got that far */
  #begin(side: Side, meets = true): void {
    const { step, begins, fails, answer } = side;
    if (answer) this.#answers.push(answer);
    if (step) this.#steps.push({ ...step, ...(fails && { expect: 'error' }) });
    this.#script.push(...begins);
    this.#cover(side);
    if (begins.length > 0 && meets) this.#meet();
  }

  #cover({ begins }: Side): void {
    for (const { expect, request } of begins)
      if (expect !== undefined || request !== undefined) this.#covers.add((expect ?? request) as string);
  }

  #join(sides: readonly Side[]): void {
    for (const { step } of sides) if (step) this.#steps.push({ join: step['as'] as string });
  }

  /** The scenario waits until the script has got here. */
  #meet(): void {
    this.#reached += 1;
    this.#script.push({ 'model-request': this.#reached });
    this.#steps.push({ 'await-model': this.#reached });
  }
}

const nameOf = ({ number }: Block, index: number) => `b${number}${index === 0 ? '' : `n${index + 1}`}`;

function called({ step, fails }: Side): Line {
  const { start, ...rest } = step as Line;
  return { call: start as string, ...rest, ...(fails && { expect: 'error' }) };
}

const flow = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trimEnd();
