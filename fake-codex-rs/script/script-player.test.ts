import { expect, test } from 'vitest';
import type { FaultWriter } from './fault-writer.ts';
import { ScriptPlayer, type Speaker } from './script-player.ts';

const never = new Promise<never>(() => undefined);
const nothing = {
  speaker: {} as Speaker,
  writer: {} as FaultWriter,
  control: { latch: () => never, modelReached: () => never },
  closing: { reason: undefined, begun: never, over: never },
};

test('an engine that exits hears nothing more: what comes while it writes its last is no miss', async () => {
  const did: string[] = [];
  const player = new ScriptPlayer({
    ...nothing,
    script: { steps: [{ verb: 'exit', at: '1', code: 3, signal: null }], auto: new Set(), deafToHandshake: false },
    process: {
      stderr: () => never,
      closeStdin: () => undefined,
      closeStdout: () => never,
      setReading: (on) => void did.push(`reads: ${on}`),
    },
    onMiss: ({ text }) => void did.push(text),
  });
  expect(await player.play()).toEqual({ code: 3, signal: null });
  player.hear({ id: 1, method: 'model/list' });
  expect(did).toEqual(['reads: false']);
});
