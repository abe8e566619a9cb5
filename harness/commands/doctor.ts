import { existsSync } from 'node:fs';
import { defineCommand } from 'citty';
import { readEngineLock, resolveEngine, venvPython } from '../../native/index.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { defaultFolders } from '../run/folders.ts';
import { readLedger } from '../verdict/ledger.ts';
import { allScenarios, type Terminal } from './context.ts';

/** `doctor`: whether this machine can do the main job, line by line. */
export const doctorCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: { name: 'doctor', description: 'Report what is installed, what is missing and what to do; runs nothing' },
    run: async () => done(await doctor(terminal)),
  });

export async function doctor(terminal: Terminal): Promise<number> {
  const folders = defaultFolders();
  let bad = 0;
  const check = async (name: string, look: () => Promise<string> | string) => {
    try {
      terminal.out(`${terminal.paint.green('ok')}    ${name}: ${await look()}`);
    } catch (error) {
      bad += 1;
      terminal.out(`${terminal.paint.red('wrong')} ${name}: ${(error as Error).message}`);
    }
  };
  await check('node', () => process.version);
  await check('python', () => {
    const python = venvPython(folders.repository);
    if (!existsSync(python)) throw new Error('the virtual environment is not there; npm run parity makes it');
    return 'virtual environment is there';
  });
  await check('engine', async () => {
    const engine = await resolveEngine();
    return `${engine.version}, sha256 ${engine.sha256.slice(0, 16)}…, wanted ${readEngineLock().pin}`;
  });
  await check('official exec SDK', () => {
    import.meta.resolve('@openai/codex-sdk');
    return '@openai/codex-sdk is there';
  });
  await check('scenarios', async () => {
    const scenarios = await allScenarios(folders);
    const goldens = await Promise.all(scenarios.map(({ id }) => readGolden(goldenPath(folders.goldens, id))));
    const missing = scenarios.filter((_, index) => goldens[index] === undefined).map(({ id }) => id);
    if (missing.length > 0)
      throw new Error(`without a golden: ${missing.join(', ')}; npm run record -- ${missing.join(',')}`);
    return `${scenarios.length}, each with its golden`;
  });
  await check('ledger', async () => `${(await readLedger(folders.ledger)).length} entries`);
  terminal.out(bad === 0 ? 'all is well' : `${bad} wrong`);
  return bad === 0 ? 0 : 1;
}
