import { expect, test } from 'vitest';
import { instrumentTexts } from '../instrument.ts';
import { ownMutators } from './mutators.ts';

/** What a mutator makes of a text: `ORIGINAL → REPLACEMENT`. */
async function changes(mutator: string, text: string): Promise<string[]> {
  const { mutants } = await instrumentTexts(new Map([['x.ts', text]]), 'own');
  const flat = (part: string) => part.replace(/\s+/g, ' ');
  return mutants
    .filter((mutant) => mutant.mutator === mutator)
    .map(({ original, replacement }) => `${flat(original)} → ${flat(replacement)}`);
}

/** By mutator: a text and all that becomes of it. */
const cases: Record<string, [text: string, ...changes: string[]][]> = {
  AwaitDropped: [
    ['await close();', 'await close() → close()'],
    ['const x = (await read()) as string;', 'await read() → read()'],
    ['for await (const x of xs) use(x);'],
    ['const f = async () => await g();'],
    ['async function f() { return await g(); }'],
    ['async function f() { return x ? await g() : await h(); }'],
    ['async function f() { if (await x) return 1; }', 'await x → x'],
    ['async function f() { try { return await g(); } catch { return 1; } }', 'await g() → g()'],
    ['async function f() { try { a(); } catch { return await g(); } }'],
    ['async function f() { try { a(); } catch { return await g(); } finally { b(); } }', 'await g() → g()'],
    ['async function f() { for (const x of xs) return await g(x); }', 'await g(x) → g(x)'],
    ['async function f() { await using x = y(); return await g(x); }', 'await g(x) → g(x)'],
    ['async function* f() { yield await g(); }'],
    ['async function* f() { yield* await g(); }', 'await g() → g()'],
  ],
  StatementsSwapped: [
    ['function f() { a(); b(); }', 'a(); b(); → b(); a();'],
    [
      'function f() { this.over = true; stop(); x = 1; }',
      'this.over = true; stop(); → stop(); this.over = true;',
      'stop(); x = 1; → x = 1; stop();',
    ],
    ['async function f() { const a = await g(); h(); }', 'const a = await g(); h(); → h(); const a = await g();'],
    ['function f() { const a = g(); h(); }'],
    ['function f() { check(a); check(b); }'],
    ['function f() { over = true; resolve(a); }'],
    ['async function f() { const a = await g(); h(a); }'],
    ['async function f() { const a = await g(); h(() => a); }'],
    ['function f() { this.a = 1; this.b = 2; }'],
    ['function f() { const a = g(); const b = h(); }'],
    ['function f() { ones.delete(k); others.set(k, 1); }'],
    [
      'function f() { ones.delete(k); ones.set(k, 1); }',
      'ones.delete(k); ones.set(k, 1); → ones.set(k, 1); ones.delete(k);',
    ],
    ['function f() { a(); return b(); }'],
    ['function f() { let x = 1; a(); x = 2; return x; }'],
    ['function f() { let x = 1; a(() => x); x = 2; }', 'a(() => x); x = 2; → x = 2; a(() => x);'],
    [
      'function f() { let x = 1; g(() => x); a(); x = 2; }',
      'g(() => x); a(); → a(); g(() => x);',
      'a(); x = 2; → x = 2; a();',
    ],
    ['function f() { let x = 1; try { a(); x = 2; } finally { b(x); } }', 'a(); x = 2; → x = 2; a();'],
    ['function f() { try { let x = 1; a(); x = 2; return x; } catch {} }'],
    [
      'function f() { let x = 1; a(); x = this.y; b(x); }',
      'a(); x = this.y; → x = this.y; a();',
      'x = this.y; b(x); → b(x); x = this.y;',
    ],
    ['function f() { clearTimeout(t); this.over = true; }'],
    ['function f() { const a = onAbort(s, g); let b = () => {}; if (x) b = startDeadline(1, 0, g); a(); b(); }'],
    ['function f() { const a = onAbort(s, g); const b = other(); a(); b(); }', 'a(); b(); → b(); a();'],
    ['new Promise((done) => { const a = onAbort(s, g); h(() => { a(); done(x); }); });'],
    ['new Promise((done) => { const a = other(); h(() => { a(); done(x); }); });', 'a(); done(x); → done(x); a();'],
    ['function f(done) { const a = onAbort(s, g); h(() => { a(); done(x); }); }', 'a(); done(x); → done(x); a();'],
    [
      'new Promise((done) => { const a = onAbort(s, g); h(() => { a(); done(k()); }); });',
      'a(); done(k()); → done(k()); a();',
    ],
    ['new Promise((one, two) => { h(() => { one(x); two(y); }); });', 'one(x); two(y); → two(y); one(x);'],
    [
      'function f() { clearTimeout(this.t); this.t = 1; }',
      'clearTimeout(this.t); this.t = 1; → this.t = 1; clearTimeout(this.t);',
    ],
    ['class A extends B { constructor() { super(); this.a = 1; } }'],
  ],
  EarlyReturn: [
    ['function f() { a(); b(); }', 'b(); → return;'],
    ['function f() { a(); }'],
    ['function f() { if (x) return; a(); }', 'if (x) return; → ;', 'a(); → return;'],
    ['function f() { if (x) return 1; return 2; }'],
    ['for (const x of xs) { if (x) continue; a(); }', 'continue; → break;'],
  ],
  LockReleasedEarly: [
    ['async function f() { try { await a(); } finally { unlock(); } }', 'unlock(); → '],
    ['async function f() { try { await a(); } finally { (await lock)(); } }', '(await lock)(); → '],
    ['try { a(); } finally { this.keepAlive.release(); }', 'this.keepAlive.release(); → '],
    ['try { a(); } finally { b(); }'],
    [
      'last = last.then(() => work());',
      'last = last.then(() => work()) → last = last.then(() => void (() => work())())',
    ],
    ['last = other.then(() => work());'],
  ],
  CleanupDropped: [
    ['clearTimeout(timer);', 'clearTimeout(timer); → ;'],
    ['await this.child.close().catch(ignore);', 'await this.child.close().catch(ignore); → ;'],
    ['all.forEach((one) => one.dispose());', 'one.dispose() → undefined'],
    ['this.turns.delete(id);', 'this.turns.delete(id); → ;'],
    ['const ended = child.end();'],
    ['stream.write(text);'],
  ],
  ListenerKept: [
    ["signal.removeEventListener('abort', stop);", "signal.removeEventListener('abort', stop); → ;"],
    ["const stop = () => child.off('exit', end);", "child.off('exit', end) → undefined"],
    ["child.on('exit', end);"],
  ],
  FinallyEmptied: [
    ['try { a(); } finally { b(); }', '{ b(); } → {}'],
    ['try { a(); } catch { b(); }'],
    ['a().finally(() => b());', '() => b() → () => undefined'],
  ],
  OnceForOn: [
    ["child.once('message', read);", "child.once('message', read) → child.on('message', read)"],
    ["child.on('data', read);", "child.on('data', read) → child.once('data', read)"],
    ["child.once('exit', end);"],
    ["new Promise((resolve) => child.once('message', resolve));"],
    ["new Promise((resolve) => child.once('message', () => resolve(1)));"],
    [
      "new Promise((resolve) => child.once('message', () => { resolve(1); a(); }));",
      "child.once('message', () => { resolve(1); a(); }) → child.on('message', () => { resolve(1); a(); })",
    ],
    ["new Promise((_, reject) => s.once('error', reject));", "s.once('error', reject) → s.on('error', reject)"],
    ["s.addEventListener('abort', f, { once: true });", 'once: true → once: false'],
    ['once(child);'],
  ],
  ErrorIgnored: [
    ['try { a(); } catch (error) { throw new B(error); }', '{ throw new B(error); } → {}'],
    ['try { a(); } catch {}'],
    ['a().catch((error) => tell(error));', '(error) => tell(error) → () => undefined'],
    ['a().catch(() => undefined);'],
    ['a().then(b, fail);', 'fail → () => undefined'],
    ["child.on('error', fail);", 'fail → () => undefined'],
    ['new Promise((_, reject) => { reject(error); });', 'reject(error); → ;'],
  ],
  UnitsMixed: [
    ['const seconds = ms / 1000;', 'ms / 1000 → ms'],
    ['const limitMs = 30_000;', '30_000 → 30'],
    ['const stepMs = 50;', '50 → 50000'],
    ['const count = 1000;'],
    ['setTimeout(stop, limit);', 'limit → limit * 1000'],
    ['setTimeout(stop, 0);'],
  ],
  FirstForLast: [
    ['xs.at(-1);', 'xs.at(-1) → xs.at(0)'],
    ['use(xs[0]);', 'xs[0] → xs.at(-1)'],
    ['xs[0] = 1;'],
    ['xs.shift();', 'xs.shift() → xs.pop()'],
    ['xs.find(f);', 'xs.find(f) → xs.findLast(f)'],
    ['xs.find((x) => x === y);'],
    ['class A { #shift() { return this.#shift(); } }'],
    ['use([...xs, x]);', '[...xs, x] → [x, ...xs]'],
    ['const o = { ...a, b };', '{ ...a, b } → { b, ...a }'],
    ['const o = { b, ...a };'],
    ['const o = { ...(x && { a }), ...(y ? { b } : {}), c };'],
    ['const o = { ...(x && { a }), a: 1 };', '{ ...(x && { a }), a: 1 } → { a: 1, ...(x && { a }) }'],
    ['const { a, ...rest } = x; const o = { ...rest, a: 1 };'],
    ['const { a, ...rest } = x; const o = { ...rest, b: 1 };', '{ ...rest, b: 1 } → { b: 1, ...rest }'],
    ['const { a, ...rest } = x; f(rest); const o = { ...rest, a: 1 };', '{ ...rest, a: 1 } → { a: 1, ...rest }'],
    ['const o = { ...{ a: f() }, b: g() };', '{ ...{ a: f() }, b: g() } → { b: g(), ...{ a: f() } }'],
    ['if (xs.indexOf(x) === -1) f();'],
    ['if (xs.find(g) !== undefined) f();'],
    ['f(xs.indexOf(x));', 'xs.indexOf(x) → xs.lastIndexOf(x)'],
  ],
  DefaultChanged: [
    ['f(x ?? 5);', '5 → 10'],
    ["f(x ?? 'a');", '\'a\' → ""'],
    ['function f(x = 0) {}', '0 → 1'],
    ['const { x = true } = o;', 'true → false'],
    ['const mostLines = 100;', '100 → 200'],
    ['const answer = 42;'],
    ['class A { #over = false; a = null; }', 'false → true'],
    ['if (o.x !== false) f();', 'o.x !== false → o.x === true'],
    ['f(x ?? y);'],
  ],
  BoundMoved: [
    ['if (a < b) f();', 'a < b → a <= b'],
    ['if (a >= b) f();', 'a >= b → a > b'],
    ['f(n - 1);', 'n - 1 → n'],
    ['if (xs.length === 0) f();', 'xs.length === 0 → xs.length === 1'],
    ['t.slice(0, n);', '0 → 1', 'n → n + 1'],
    ['t.slice(-2);', '-2 → -1'],
    ['if (a === 0) f();'],
    ['f(a < b ? a : b);'],
    ['if (a > b) b = a;'],
    ['f(a < b ? b : c);', 'a < b → a <= b'],
    ['f(g() < g() ? g() : g());', 'g() < g() → g() <= g()'],
  ],
  OptionNotPassed: [
    ['f({ a, b: 1, ...c });', 'a → ', 'b: 1 → ', '...c → '],
    ['new A(x, { o: { p } });', 'o: { p } → ', 'p → '],
    ['read(path, signal);', 'signal → '],
    ['read(path, this.options);', 'this.options → '],
    ['const o = { a };'],
    ['read(path);'],
  ],
};

test.each(Object.entries(cases).flatMap(([name, rows]) => rows.map(([text, ...made]) => ({ name, text, made }))))(
  '$name: $text',
  async ({ name, text, made }) => {
    expect(await changes(name, text)).toEqual(made);
  },
);

test('every mutator has a text that it changes, and one that it leaves', () => {
  expect(Object.keys(cases).sort()).toEqual(ownMutators.map(({ name }) => name).sort());
  for (const [name, rows] of Object.entries(cases)) {
    expect(
      rows.some(([, ...made]) => made.length > 0),
      name,
    ).toBe(true);
    expect(
      rows.some(([, ...made]) => made.length === 0),
      name,
    ).toBe(true);
  }
});
