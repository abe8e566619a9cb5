import { expect, test } from 'vitest';
import { gc } from '../test-fixtures/gc.ts';
import { Codex } from './codex.ts';
import {
  childEngine,
  completed,
  isAlive,
  message,
  ownTemporaryFolder,
  type Report,
  running,
  started,
} from './test-fixtures/child-engine.ts';
import type { Thread } from './thread.ts';

const folder = ownTemporaryFolder();

/** Lets the collector and its finalizers work, until the condition holds or nothing more can come of it. */
async function collected(condition: () => boolean, most = 2000): Promise<boolean> {
  for (let round = 0; round < most && !condition(); round += 1) {
    // Whoever looks at a weak reference holds it until its turn is over.
    await new Promise((resolve) => setImmediate(resolve));
    if (round % 20 === 0) gc();
  }
  return condition();
}

const outputSchema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] };
const runs = { outputSchema };
/** Its engine reports, and ends or waits. */
const codexOf = (hangs: boolean) =>
  new Codex(
    childEngine([{ report: true }, started, message('{}'), ...(hangs ? [{ hang: true } as const] : [completed])]),
  );

interface Kind {
  /** Whether the engine of its turn would go on by itself. */
  hangs?: boolean;
  make(thread: Thread, codex: Codex): Promise<{ made: object; pid?: number }>;
}

/** Everything that a program may hold of runs of exec: none of it is kept by anything, and no engine is kept by it. */
const kinds: Readonly<Record<string, Kind>> = {
  Codex: { make: async (_, codex) => ({ made: codex }) },
  Thread: { make: async (thread) => ({ made: thread }) },
  'a Thread that has run': {
    make: async (thread) => {
      await thread.run('hi', runs);
      return { made: thread };
    },
  },
  'a result': { make: async (thread) => ({ made: await thread.run('hi', runs) }) },
  'a stream that has not begun': {
    make: async (thread) => ({ made: (await thread.runStreamed('hi', runs)).events }),
  },
  'a typed stream that has not begun': {
    make: async (thread) => ({ made: await thread.runStreamed('hi', { output: outputSchema }) }),
  },
  'a stream that has been read to its end': {
    make: async (thread) => {
      const { events, report } = await running(thread, runs);
      for await (const _ of events);
      return { made: events, pid: report.pid };
    },
  },
  'a stream that was left': {
    hangs: true,
    make: async (thread) => {
      const { events, report } = await running(thread, runs);
      await events.return(undefined);
      return { made: events, pid: report.pid };
    },
  },
  'a stream that was begun, and neither read to its end nor left': {
    hangs: true,
    make: async (thread) => {
      const { events, report } = await running(thread, runs);
      return { made: events, pid: report.pid };
    },
  },
  'a typed stream that was begun': {
    hangs: true,
    make: async (thread) => {
      const { events } = await thread.runStreamed('hi', { output: outputSchema });
      const { value } = await events.next();
      return { made: events, pid: (value as unknown as Report).pid };
    },
  },
};

/** Makes one, and drops everything. */
async function dropped({ make, hangs = false }: Kind): Promise<{ made: WeakRef<object>; pid: number | undefined }> {
  const codex = codexOf(hangs);
  const { made, pid } = await make(codex.startThread(), codex);
  return { made: new WeakRef(made), pid };
}

test.each(Object.entries(kinds))('%s dropped: nothing keeps it, and its engine and files go', async (_, kind) => {
  const { made, pid } = await dropped(kind);
  expect(await collected(() => made.deref() === undefined), 'collected').toBe(true);
  expect(await collected(() => pid === undefined || !isAlive(pid), 20_000), 'the engine').toBe(true);
  expect(await collected(() => folder.names().length === 0, 20_000), folder.names().join()).toBe(true);
});
