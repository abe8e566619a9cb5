import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';

const at = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
const temp = mkdtempSync(join(tmpdir(), 'interrupted-'));
afterAll(() => rmSync(temp, { recursive: true }));

/** A program in the middle of a conversation. */
const program = (also: string) => `
  import { fakeEngine } from ${at('../play/fake-engine.ts')};
  import { record } from ${at('../record/record.ts')};
  import { scriptedModel } from ${at('../model/scripted-model.ts')};
  const inner = await fakeEngine([{ auto: ['thread/start'] }, { expect: 'turn/start' }]);
  const recorder = await record({ file: ${JSON.stringify(join(temp, 'never.jsonl'))}, codexBin: inner.codexBin });
  await scriptedModel([]);
  await recorder.codex().threadStart();
  ${also}
  console.log('under way');
  setInterval(() => {}, 1000);`;

async function interrupted(signal: NodeJS.Signals, also = '') {
  const child = execa(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program(also)], {
    env: { TMPDIR: temp },
    reject: false,
  });
  await once(child.stdout, 'data');
  expect(readdirSync(temp).filter((name) => name.startsWith('twinproof-'))).toHaveLength(3);
  child.kill(signal);
  const result = await child;
  expect(readdirSync(temp).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
  return result;
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a program that dies of %s leaves no conversation',
  async (signal) => {
    expect(await interrupted(signal)).toMatchObject({ signal });
  },
);

test('a program that listens itself decides: its own end removes them', async () => {
  expect(await interrupted('SIGINT', "process.on('SIGINT', () => process.exit(7));")).toMatchObject({ exitCode: 7 });
});
