import { appendFile } from 'node:fs/promises';

/** What a GitHub Actions workflow provides to a command that runs in it. */
export interface GithubRun {
  /** The file for the step's summary, `GITHUB_STEP_SUMMARY`; undefined if the workflow has none. */
  stepSummary: string | undefined;
}

/** Undefined outside GitHub Actions. */
export function githubRun(env: NodeJS.ProcessEnv): GithubRun | undefined {
  if (env.GITHUB_ACTIONS !== 'true') return undefined;
  const { GITHUB_STEP_SUMMARY: stepSummary } = env;
  return { stepSummary: stepSummary === '' ? undefined : stepSummary };
}

/** Appends to the step's summary; what other commands of the step have written stays. */
export async function appendStepSummary({ stepSummary }: GithubRun, markdown: string): Promise<void> {
  if (stepSummary === undefined) return;
  try {
    await appendFile(stepSummary, `${markdown}\n`);
  } catch (cause) {
    throw new Error(`Adding to the step's summary: cannot write ${stepSummary}, which GITHUB_STEP_SUMMARY names`, {
      cause,
    });
  }
}
