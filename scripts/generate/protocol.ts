import { loadWindow } from '../../harness/contract/window.ts';
import { readEngineLock } from '../../native/index.ts';
import { GapList, gapsIn } from '../contract/gaps.ts';
import { mergeWindow } from '../contract/merge-window.ts';
import { protocolFiles } from '../contract/protocol-files.ts';
import { type GeneratedOutput, generatedFolder } from './generated-output.ts';

/** `sdk/protocol`, from the committed contracts of the window. */
export async function generateProtocol(): Promise<GeneratedOutput> {
  const gaps = new GapList();
  const window = await loadWindow();
  const merged = mergeWindow(window, readEngineLock().pin, gaps);
  const output = generatedFolder('sdk/protocol', protocolFiles(merged, gaps));
  // The contracts' own are told with them, also those of engines that are not on this machine.
  const ofContracts = window.flatMap((contract) => gapsIn(contract));
  const ofMerging = gapsIn(merged).filter((gap) => !ofContracts.includes(gap));
  const committed = window.flatMap(({ version, index }) => (index.gaps ?? []).map((gap) => `${version}: ${gap}`));
  return { ...output, gaps: [...new Set([...committed, ...gaps.told, ...ofMerging])] };
}
