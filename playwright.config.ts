import { defineConfig } from '@playwright/test';

const executablePath = process.env.TWINPROOF_CHROMIUM;

/** Tests in a real browser, headless. Its program is the one that `scripts/bootstrap/chromium.mjs` finds; else Playwright's own. */
export default defineConfig({
  testDir: 'harness/report/browser',
  testMatch: '*.spec.ts',
  outputDir: 'out/browser',
  forbidOnly: true,
  retries: 0,
  workers: 1,
  use: {
    browserName: 'chromium',
    launchOptions: {
      ...(executablePath && { executablePath }),
      // Chromium's sandbox refuses to start as root, as which containers run.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
});
