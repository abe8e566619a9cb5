import { loadContract } from '../../harness/contract/load-contract.ts';
import { protocolFiles } from '../contract/protocol-files.ts';
import { generatedFolder } from './generated-output.ts';

/** `sdk/protocol`, from the committed contract. */
export const generateProtocol = async () => generatedFolder('sdk/protocol', protocolFiles(await loadContract()));
