import { renderCommandPage } from '../../harness/commands/command-page.ts';
import { generatedFile } from './generated-output.ts';

/** `docs/commands.md`, from the definitions of the commands. */
export async function generateCommandsPage() {
  const text = await renderCommandPage();
  return generatedFile('docs/commands.md', text, `${text.split('\n## ').length - 1} commands`);
}
