import { execa } from 'execa';
import { loadWindow } from '../../harness/contract/window.ts';
import { type PrintedModels, withDroppedFields } from '../../harness/normalise/rules/dropped-fields.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { venvPython } from '../../native/index.ts';
import { generatedFile, root } from './generated-output.ts';

/** `fixtures/python-models/VERSION.json`, from the models of the installed Python SDK and the contracts of the window. */
export async function generatePythonModels() {
  const python = venvPython(root);
  const { stdout } = await execa(python, ['models.py'], { cwd: `${root}/python-golden`, timeout: 60_000 }).catch(
    (cause: Error) => {
      const doing = 'reading the models of the Python SDK with python-golden/models.py';
      throw new Error(expectedGot(doing, 'its JSON', cause.message, 'npm run parity installs Python'), { cause });
    },
  );
  const models = withDroppedFields(JSON.parse(stdout) as PrintedModels, await loadWindow());
  const dropped = Object.values(models.types).reduce((sum, { drops = [] }) => sum + drops.length, 0);
  return generatedFile(
    `fixtures/python-models/${models.version}.json`,
    modelsFile(models),
    `${dropped} dropped fields`,
  );
}

/** A line for each method, operation and model, so that a diff of two versions reads. */
function modelsFile({ version, ...sections }: PrintedModels): string {
  const generated = 'by npm run generate, from the models of the Python SDK and fixtures/contract: do not edit';
  const head = [JSON.stringify(generated), JSON.stringify(version)];
  const parts = Object.entries(sections).map(([name, section]) => {
    const lines = Object.entries(section).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    return `${JSON.stringify(name)}:{\n${lines.join(',\n')}\n}`;
  });
  return `{\n"generated":${head[0]},\n"version":${head[1]},\n${parts.join(',\n')}\n}\n`;
}
