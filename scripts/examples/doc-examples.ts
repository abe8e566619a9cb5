import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';

/** A block of code in a doc comment or on a page. */
export interface DocExample {
  /** File of the repository, with `/`. */
  source: string;
  /** Line of its fence. */
  line: number;
  language: 'ts' | 'js';
  code: string;
  /** Why it is compiled alone: ` ```ts no-run: REASON `. */
  noRun?: string;
  /** It is this file of its page, not a program: a JavaScript block that begins with `// NAME.js`. */
  file?: string;
}

/**
 * The blocks of a text. In a doc comment each line has ` * ` before it.
 * @throws Error for a fence whose words are not understood, and for one that is never closed
 */
export function examplesIn(source: string, text: string): DocExample[] {
  const examples: DocExample[] = [];
  let open: { prefix: string; from: number; words: string; language: 'ts' | 'js' } | undefined;
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    if (open === undefined) {
      const fence = /^(\s*(?:\* ?)?)```(ts|js)\b(.*)$/.exec(line);
      if (fence === null) continue;
      const [, prefix = '', language, words = ''] = fence;
      open = { prefix, from: at, words: words.trim(), language: language === 'js' ? 'js' : 'ts' };
    } else if (line.startsWith(`${open.prefix}\`\`\``)) {
      const { from, prefix, language, words } = open;
      const code = lines.slice(from + 1, at).map((one) => one.slice(prefix.length));
      const noRun = /^no-run: (\S.*)$/.exec(words)?.[1];
      if (words !== '' && noRun === undefined)
        throw new Error(
          expectedGot(`reading ${source}:${from + 1}`, `a block of "${language}" or "no-run: REASON"`, `"${words}"`),
        );
      const file = language === 'js' ? /^\/\/ (\S+\.js)$/.exec(code[0] ?? '')?.[1] : undefined;
      examples.push({
        source,
        line: from + 1,
        language,
        code: `${code.join('\n')}\n`,
        ...(noRun === undefined ? {} : { noRun }),
        ...(file === undefined ? {} : { file }),
      });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${source}:${open.from + 1}: a block that is never closed`);
  return examples;
}

/** Every example for users: in the doc comments of what is published, in the READMEs and on the pages of docs/. */
export function docExamples(root: string): DocExample[] {
  const below = (folder: string, end: RegExp) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.split(sep).join('/')}`)
      .filter((name) => end.test(name) && !/\.test\.ts$|\/test-fixtures\/|^sdk\/protocol\/|^docs\/api\//.test(name))
      .sort();
  const files = [
    'README.md',
    'sdk/README.md',
    ...below('docs', /\.md$/),
    ...['sdk', 'testing'].flatMap((one) => below(one, /\.ts$/)),
  ];
  return files.flatMap((file) => examplesIn(file, readFileSync(join(root, file), 'utf8')));
}
