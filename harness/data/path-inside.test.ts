import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { pathInside, realPathInside } from './path-inside.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'path-inside-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const parts = fc.constantFrom('..', '.', '', 'a', 'b..', '..c', '/', '\\', '\0', 'é', ' ');

test('whatever is accepted is inside, and what is refused would not be', () => {
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 6 }), (words) => {
      const file = words.join('/');
      let path: string;
      try {
        path = pathInside(root, file);
      } catch {
        return;
      }
      const way = relative(root, path);
      expect(way.split(sep)[0]).not.toBe('..');
      expect(way).not.toBe('');
      expect(path.startsWith(`${root}${sep}`)).toBe(true);
    }),
    { numRuns: 1000 },
  );
  expect(pathInside(root, 'a/../b..')).toBe(join(root, 'b..'));
  for (const out of ['..', '../x', 'a/../../x', '/etc/passwd', '', '.', 'a/..', 'x\0y'])
    expect(() => pathInside(root, out), out).toThrow(
      'Using a path: expected a relative path inside the workspace, got',
    );
});

test.skipIf(process.platform === 'win32')('a link is followed, and may not lead out', async () => {
  writeFileSync(join(root, 'file'), 'x');
  symlinkSync('file', join(root, 'fine'));
  symlinkSync('/etc', join(root, 'etc'));
  symlinkSync('../..', join(root, 'up'));
  expect(await realPathInside(root, 'fine')).toBe(join(root, 'file'));
  for (const out of ['etc/passwd', 'etc', 'up', 'up/x'])
    await expect(realPathInside(root, out, 'the results')).rejects.toThrow(/inside the results, got a link|ENOENT/);
});
