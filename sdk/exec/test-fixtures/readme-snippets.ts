import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The installed official SDK's folder. */
export const officialPackage = fileURLToPath(new URL('../../../node_modules/@openai/codex-sdk', import.meta.url));

/** One piece of code of the official SDK's README. */
export interface Snippet {
  /** The heading above it, with a number where there are several below one. */
  title: string;
  code: string;
}

export function readmeSnippets(): Snippet[] {
  const text = readFileSync(join(officialPackage, 'README.md'), 'utf8');
  const count = new Map<string, number>();
  let heading = '';
  const snippets: Snippet[] = [];
  for (const [, found, code] of text.matchAll(/^#+ (.+)$|^```typescript\n([\s\S]*?)^```$/gm)) {
    if (found !== undefined) heading = found;
    if (code === undefined) continue;
    const number = (count.get(heading) ?? 0) + 1;
    count.set(heading, number);
    snippets.push({ title: number === 1 ? heading : `${heading} ${number}`, code });
  }
  return snippets;
}

/** What a piece leaves to those before it, each with the name that shows whether it is needed. */
const before: readonly [name: string, line: string][] = [
  ['z', "import { z } from 'zod';"],
  ['zodToJsonSchema', "import { zodToJsonSchema } from 'zod-to-json-schema';"],
  ['Codex', "import { Codex } from '@openai/codex-sdk';"],
  ['codex', 'const codex = new Codex();'],
  ['thread', 'const thread = codex.startThread();'],
];

/** A whole program: the piece as it stands, with what it leaves out, and `@openai/codex-sdk` as `name`. */
export function programOf({ code }: Snippet, name: string): string {
  let program = code;
  for (const [word, line] of [...before].reverse()) {
    const used = new RegExp(`(?<![.\\w])${word}(?![\\w"':-])`).test(program.replace(/\/\/.*$/gm, ''));
    const declared = new RegExp(`(?:const|import \\{) ${word}\\b`).test(program);
    if (used && !declared) program = `${line}\n${program}`;
  }
  return program.replaceAll(/(["'])@openai\/codex-sdk\1/g, JSON.stringify(name));
}
