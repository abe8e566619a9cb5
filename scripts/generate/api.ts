import { apiPages } from '../api/api-pages.ts';
import { generatedFolder, root } from './generated-output.ts';

/** `docs/api`, from the doc comments of what the package exports. */
export const generateApi = async () => generatedFolder('docs/api', await apiPages(root));
