import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The page of `twinproof/types`: its names. What they are like is in the generated declarations, which an editor shows. */
export function typesPage(root: string): string {
  const file = join(root, 'sdk/types.ts');
  const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023);
  const names = statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
  const list = names.sort().map((name) => `- \`${name}\``);
  return `# types\n\nTypes of the engine's protocol, under the names of Python's \`openai_codex.types\`; generated from the engine's own schema.\n\n${list.join('\n')}\n`;
}
