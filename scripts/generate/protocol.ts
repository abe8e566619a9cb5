import { loadWindow } from '../../harness/contract/window.ts';
import { readEngineLock } from '../../native/index.ts';
import { mergeWindow } from '../contract/merge-window.ts';
import { protocolFiles } from '../contract/protocol-files.ts';
import { generatedFolder } from './generated-output.ts';

/** `sdk/protocol`, from the committed contracts of the window. */
export const generateProtocol = async () =>
  generatedFolder('sdk/protocol', protocolFiles(mergeWindow(await loadWindow(), readEngineLock().pin)));
