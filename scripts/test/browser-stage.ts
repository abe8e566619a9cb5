import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../bootstrap/chromium.mjs';
import { runNode } from './command-stage.ts';
import type { Stage, StageResult } from './run-stages.ts';

/** What is read of Playwright's JSON report. */
export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: readonly unknown[];
}

/** The report in a real browser, which is brought when there is none; tests are counted one by one. */
export const browserStage: Stage = {
  name: 'browser',
  needs: [],
  async run(context) {
    const { root, signal, outFolder, note } = context;
    const chromium = await findChromium({ root, signal, install: true, log: note });
    const report = join(outFolder, 'browser.json');
    rmSync(report, { force: true });
    const args = ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'];
    const env = { TWINPROOF_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
    const done = await runNode(context, 'browser', args, env);
    return { ...countPlaywright(readReport(report), done.code), details: done.tail };
  },
};

/**
 * @param report undefined when Playwright wrote none
 * @param code Playwright's exit code
 */
export function countPlaywright(
  report: PlaywrightReport | undefined,
  code: number | null,
): Omit<StageResult, 'details'> {
  if (report === undefined) return { passed: 0, failed: 1 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  // One that passed only when tried again has failed.
  const failed = unexpected + flaky + report.errors.length;
  return { passed: expected, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

function readReport(file: string): PlaywrightReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
