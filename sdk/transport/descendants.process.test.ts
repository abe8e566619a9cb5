import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Codex } from '../client/codex.ts';
import type { CodexConfig } from '../client/config.ts';
import { Lifelines } from '../test-fixtures/lifelines.ts';

/** A process that an engine leaves behind. */
interface Descendant {
  /** In a session of its own, as `setsid` makes it. */
  session?: boolean;
  /** Its parent is gone. */
  orphan?: boolean;
  /** Without the engine's environment. */
  cleaned?: boolean;
  /** It ignores SIGTERM. */
  stubborn?: boolean;
}

const program = fileURLToPath(new URL('../test-fixtures/scripted-engine.mjs', import.meta.url));
let lifelines: Lifelines;
let name: string;
/** How many of them have been started. */
let all: number;
beforeEach(async () => {
  lifelines = await Lifelines.listen();
  name = randomUUID();
  all = 0;
});
afterEach(() => {
  for (const pid of listed()) process.kill(pid, 'SIGKILL');
  lifelines.close();
});

/** The processes of this test, as the system lists them. */
function listed(): number[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,stat=,args=']).toString().split('\n');
  return lines.flatMap((line) => {
    const [pid, state = ''] = line.trim().split(/\s+/);
    return line.includes(name) && line.includes(' -e ') && !state.startsWith('Z') ? [Number(pid)] : [];
  });
}

async function started(left: readonly Descendant[], config: CodexConfig = {}): Promise<Codex> {
  const descendants = left.map((one) => ({ descendant: { ...one, port: lifelines.port, name } }));
  const script = JSON.stringify({ begin: [...descendants, { result: {} }], die: [{ exit: 3 }] });
  const codex = new Codex({ launchArgsOverride: [process.execPath, program, script], ...config });
  await codex.request('begin');
  all += left.length;
  await lifelines.started(all);
  return codex;
}

const kinds: Record<string, Descendant> = {
  'a child': {},
  'a child in a session of its own': { session: true },
  'an orphan in a session of its own': { session: true, orphan: true },
  'a child without the environment': { session: true, cleaned: true },
  'one that ignores SIGTERM': { session: true, orphan: true, stubborn: true },
};
const supported = process.platform === 'linux' || process.platform === 'darwin';

test.runIf(supported).each(Object.entries(kinds))('after close() nothing is left: %s', async (_, kind) => {
  const codex = await started([kind]);
  expect(listed()).not.toEqual([]);
  await codex.close();
  expect(listed()).toEqual([]);
});

test.runIf(supported)('nor after the engine has died by itself', async () => {
  const codex = await started([{ session: true }, { session: true, orphan: true }]);
  await expect(codex.request('die')).rejects.toThrow('exit code 3');
  await codex.close();
  expect(listed()).toEqual([]);
});

test.runIf(supported)('keepDescendants leaves them', async () => {
  const codex = await started([{ session: true }, { session: true, orphan: true }], { keepDescendants: true });
  await codex.close();
  expect(listed()).toHaveLength(2);
});

test.runIf(supported)('another client keeps its own', async () => {
  const [one, other] = [await started([{ session: true }]), await started([{ session: true, orphan: true }])];
  await one.close();
  expect(listed()).toHaveLength(1);
  await other.close();
  expect(listed()).toEqual([]);
});

test.runIf(supported)('out of reach: an orphan that has cleaned its environment', async () => {
  const codex = await started([{ session: true, orphan: true, cleaned: true }]);
  await codex.close();
  expect(listed()).toHaveLength(1);
});
