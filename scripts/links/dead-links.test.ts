import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { deadLinks } from './dead-links.ts';

const repository = join(import.meta.dirname, '../..');
const root = mkdtempSync(join(tmpdir(), 'links-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a file that is not there, a heading that its page does not have, a way out of the root', () => {
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs/a.md'), '# One `two` & three\n## Again\n## Again\n<a id="own"></a>\n');
  writeFileSync(
    join(root, 'b.md'),
    [
      '[a](docs/a.md) [b](docs/a.md#one-two--three) [c](docs/a.md#again-1) [d](docs/a.md#own) [e](https://x.invalid)',
      '[a](docs/c.md) [b](docs/a.md#four) [c](#five) [d](../b.md)',
      '```',
      '[a](nowhere.md)',
      '```',
      'one `[a](nowhere.md)` two',
      '[1]: docs/docs/a.md',
    ].join('\n'),
  );
  expect(deadLinks(root, ['b.md'])).toEqual([
    'b.md:2: docs/c.md',
    'b.md:2: docs/a.md#four',
    'b.md:2: #five',
    'b.md:2: ../b.md',
    'b.md:7: docs/docs/a.md',
  ]);
});

test("no link of the repository's pages is dead", () => {
  const docs = readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' });
  const others = ['README.md', 'CONTRIBUTING.md', 'sdk/README.md', 'examples/README.md'];
  const pages = [...others, ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
  expect(pages.length).toBeGreaterThan(20);
  expect(deadLinks(repository, pages)).toEqual([]);
});
