import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('README links every page of docs', () => {
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  expect(pages.filter((page) => !readme.includes(`](docs/${page})`))).toEqual([]);
});

test('the page of the commands names every command of package.json, and README links it', () => {
  const page = readFileSync(join(root, 'docs/commands.md'), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const named = (name: string) => page.includes(name === 'test' ? '`npm test`' : `\`npm run ${name}`);
  expect(Object.keys(scripts).filter((name) => !named(name))).toEqual([]);
});

test('install lines name the versions that the package has and was made for', () => {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, string>;
  const expected = [
    `twinproof-${read('package.json')['version']}.tgz`,
    `@openai/codex@${read('native/engine.lock.json')['pin']}`,
  ];
  for (const page of ['README.md', 'sdk/README.md', 'docs/using.md']) {
    const text = readFileSync(join(root, page), 'utf8');
    const named = text.match(/(?:twinproof-|@openai\/codex@)\d[\w.-]*\d(?:\.tgz)?/g) ?? [];
    expect([...new Set(named)].sort(), page).toEqual([...expected].sort());
  }
});
