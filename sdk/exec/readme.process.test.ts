import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { programOf, readmeSnippets } from './test-fixtures/readme-snippets.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(folder, '../../tsconfig.json'), ts.sys.readFile).config,
  { ...ts.sys, readDirectory: () => [] },
  join(folder, '../..'),
);

// That they run, too, is shown with the packed package: scripts/build/exec-readme.engine.test.ts.
test('the pieces of code in the official README compile against ours, and a wrong one does not', () => {
  const files = new Map(
    readmeSnippets().map((snippet, index) => [join(folder, `readme-${index}.ts`), programOf(snippet, '../exec.ts')]),
  );
  expect(files.size).toBeGreaterThan(10);
  const wrong = join(folder, 'readme-wrong.ts');
  files.set(wrong, "import { Codex } from '../exec.ts';\nnew Codex({ codexPath: 'x' });\n");
  files.set(join(folder, 'zod.d.ts'), "declare module 'zod';\ndeclare module 'zod-to-json-schema';\n");
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...files.keys()], options, {
    ...host,
    fileExists: (file) => files.has(join(file)) || ts.sys.fileExists(file),
    readFile: (file) => files.get(join(file)) ?? readFileSync(file, 'utf8'),
    getSourceFile: (file, target) => {
      const text = files.get(join(file)) ?? ts.sys.readFile(file);
      return text === undefined ? undefined : ts.createSourceFile(file, text, target);
    },
  });
  const problems = [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  expect(problems.map(({ file, messageText }) => [file && join(file.fileName), messageText])).toEqual([
    [wrong, expect.stringContaining("'codexPath' does not exist in type 'CodexOptions'")],
  ]);
});
