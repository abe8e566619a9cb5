import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Page, test as plain } from '@playwright/test';
import { expect, test } from './open-report.ts';
import { sample } from './sample.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');
const pictures = path.join(root, 'docs', 'pictures');
/** The folder of a whole run's results: its report is what the README shows. Without it nothing is written. */
const run = process.env.TWINPROOF_PICTURES;

const size = { width: 1280, height: 1040 };
/** A picture is loaded with every view of the page. */
const mostBytes = 200_000;

const kinds = [
  { name: 'report', colorScheme: 'light' },
  { name: 'report-dark', colorScheme: 'dark' },
  { name: 'cell', colorScheme: 'light' },
] as const;

/** Width and height stand at the beginning of every PNG file. */
const sizeOf = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) });
const shoot = async (page: Page, file?: string) => page.screenshot(file === undefined ? {} : { path: file });

for (const { name, colorScheme } of kinds) {
  const file = path.join(pictures, `${name}.png`);

  test.describe(name, () => {
    test.use({ viewport: size, colorScheme });

    if (run !== undefined && name !== 'cell') {
      plain.use({ viewport: size, colorScheme });
      plain('the picture is taken anew', async ({ page }) => {
        await page.goto(pathToFileURL(path.resolve(root, run, 'report.html')).href);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await shoot(page, file);
      });
    } else {
      test('the picture can be taken', async ({ report }) => {
        const page = await report.open(sample(), name === 'cell' ? '#/cell/turns/steer/ts/fake' : '');
        expect(sizeOf(await shoot(page, run === undefined ? undefined : file))).toEqual(size);
      });
    }

    test('the committed picture has its size, and is small', () => {
      expect(existsSync(file), `TWINPROOF_PICTURES=out/parity npm test -- --only browser makes ${file}`).toBe(true);
      const png = readFileSync(file);
      expect(sizeOf(png)).toEqual(size);
      expect(png.length).toBeLessThan(mostBytes);
    });
  });
}
