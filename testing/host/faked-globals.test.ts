import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
/** What a test may have replaced by the time the kit calls it. */
const faked =
  /(?<![\w.'`])(setTimeout|clearTimeout|setInterval|clearInterval|setImmediate|clearImmediate|queueMicrotask|fetch|performance|process\.nextTick|process\.hrtime|Date\.now|new Date\(\))(?=\W)/g;

const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !/\.test\.ts$|test-fixtures/.test(file),
);

const uses = (text: string): string[] => {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return [...code.matchAll(faked)]
    .map(([name]) => name)
    .filter((name) => !new RegExp(`import [^;]*\\b${name}\\b[^;]* from '`).test(code));
};

test('the kit calls no global that fake timers and mocks put something else in place of', () => {
  expect(sources.length).toBeGreaterThan(30);
  expect(
    sources.flatMap((file) => uses(readFileSync(`${folder}/${file}`, 'utf8')).map((name) => `${file}: ${name}`)),
  ).toEqual([]);
});

test('it would find one', () => {
  expect(uses('queueMicrotask(() => x); // fetch(y)')).toEqual(['queueMicrotask']);
  expect(uses("import { performance } from 'node:perf_hooks';\nperformance.now(); Date.UTC(1); a.fetch(1)")).toEqual(
    [],
  );
});
