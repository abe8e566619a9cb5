import ts from 'typescript';
import type { RefusedWord } from './refused-words.ts';

/** A line of prose in a file, from 1. */
interface ProseLine {
  line: number;
  text: string;
}

/**
 * Finds refused words in a file's prose: every line of Markdown, the comments and texts of a program, the titles and reasons of a list.
 * @param file its name decides how it is read
 * @returns `FILE:LINE: "WORD"; write …` for each
 */
export function findRefusedWords(file: string, text: string, words: readonly RefusedWord[]): string[] {
  return proseOf(file, text).flatMap(({ line, text: prose }) =>
    words.flatMap(({ pattern, write }) => {
      const [found] = pattern.exec(prose) ?? [];
      return found === undefined ? [] : [`${file}:${line}: "${found}"; write ${write}`];
    }),
  );
}

function proseOf(file: string, text: string): ProseLine[] {
  if (/\.(?:ts|tsx|mts|js|mjs)$/.test(file)) return programProse(file, text);
  const lines = text.split('\n').map((line, at) => ({ line: at + 1, text: line }));
  if (/\.ya?ml$/.test(file))
    return lines.filter(({ text: line }) => /^\s*(?:- )?(?:title|reason|evidence):|^\s*#/.test(line));
  return lines.filter((one) => !isQuoted(file, text, one.line));
}

/** The page on writing has to quote the words that it warns of. */
function isQuoted(file: string, text: string, line: number): boolean {
  if (file !== 'CONTRIBUTING.md') return false;
  const [, heading] = /^## (.*)$/m.exec(text.split('\n').slice(0, line).reverse().join('\n')) ?? [];
  return heading === 'Writing';
}

/** Comments and texts, without the names of the program. */
function programProse(file: string, text: string): ProseLine[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: ProseLine[] = [];
  const add = (position: number, prose: string) => {
    const { line } = source.getLineAndCharacterOfPosition(position);
    for (const [at, one] of prose.split('\n').entries()) found.push({ line: line + at + 1, text: one });
  };
  const seen = new Set<number>();
  const comments = (position: number) => {
    const ranges = [ts.getLeadingCommentRanges(text, position), ts.getTrailingCommentRanges(text, position)];
    for (const { pos, end } of ranges.flatMap((some) => some ?? [])) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      add(pos, text.slice(pos, end));
    }
  };
  const visit = (node: ts.Node) => {
    comments(node.getFullStart());
    comments(node.getEnd());
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      add(node.getStart(source), node.text);
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return found;
}
