import { expect, test } from 'vitest';
import { failureOf, wrongStack } from '../test-fixtures/callers-line.ts';
import { type Made, type Method, methods, oneOfEach } from '../test-fixtures/every-method.ts';
import { rounds } from '../test-fixtures/rounds.ts';

/** Something that makes a call fail: what it is given, and what happens once it is under way. */
interface Failure {
  options?: object;
  act?(made: Made): void;
  /** The call ends whatever it waits for. */
  ends?: true;
}

const reason = new Error('the reason');
const answer = (made: Made, content: object) => {
  for (const line of made.engine.peer.received.splice(0)) made.engine.send({ id: JSON.parse(line).id, ...content });
};

const failures: Record<string, (method: Method) => Failure> = {
  'wrong options': () => ({ options: { signal: 7 } }),
  'an aborted signal': () => ({ options: { signal: AbortSignal.abort(reason) } }),
  'an abort': () => {
    const abort = new AbortController();
    return { options: { signal: abort.signal }, act: () => abort.abort(reason) };
  },
  'a timeout': () => ({ options: { timeoutMs: 1 }, ends: true }),
  'a refusal': () => ({ act: (made) => answer(made, { error: { code: -32600, message: 'no' } }) }),
  'a malformed answer': () => ({ act: (made) => answer(made, { result: 7 }) }),
  'the death of the engine': () => ({ act: ({ engine }) => engine.peer.end() }),
  'an error of the transport': () => ({ act: ({ engine }) => engine.peer.end(reason) }),
};

/** What a call fails with. One that has not failed after some rounds waits for something else. */
async function outcome(call: () => unknown, act: () => void, ends = false): Promise<unknown> {
  const failing = failureOf(call);
  await rounds();
  act();
  return await Promise.race([failing, ...(ends ? [] : [rounds()])]);
}

test('the line of a call comes before the line that called its function, which nobody awaits', async () => {
  const made = await oneOfEach();
  const stack = await new Promise<string | undefined>((resolve) => {
    const call = async () => {
      await made.codex.request('no/method').catch((error: Error) => resolve(error.stack));
    };
    void call();
    setImmediate(() => answer(made, { error: { code: -32600, message: 'no' } }));
  });
  await made.codex.close();
  const [first] = (stack ?? '').split('\n').filter((one) => /^ {4}at /.test(one));
  expect(first).toMatch(/^ {4}at (async )?call \(/);
});

test.each(Object.entries(failures))('the error of each method shows the line of its caller: %s', async (_, make) => {
  const model = await oneOfEach();
  const names = Object.keys(methods(model));
  await model.codex.close();
  const wrong: string[] = [];
  let failed = 0;
  for (const name of names) {
    const made = await oneOfEach();
    const method = methods(made)[name] as Method;
    const { options, act, ends } = make(method);
    const accepted = Object.keys(options ?? {}).every((option) => option in (method.rules ?? {}));
    if (accepted) {
      const args = options === undefined ? method.good : [...method.good, options];
      const error = await outcome(
        () => method.call(...(args as never[])),
        () => act?.(made),
        ends,
      );
      if (error !== undefined) failed += 1;
      const problem = error === undefined ? undefined : wrongStack(error);
      if (problem !== undefined) wrong.push(`${name}: ${problem}`);
    }
    await made.codex.close();
  }
  expect(wrong).toEqual([]);
  expect(failed).toBeGreaterThan(names.length / 3);
});
