import { appendFile } from 'node:fs/promises';

/** What a workflow of GitHub Actions wants of a command that runs in it. */
export interface GithubRun {
  /** File that takes the summary of the step, `GITHUB_STEP_SUMMARY`; undefined where the workflow offers none. */
  stepSummary: string | undefined;
}

/** Undefined outside GitHub Actions. */
export function githubRun(env: NodeJS.ProcessEnv): GithubRun | undefined {
  if (env.GITHUB_ACTIONS !== 'true') return undefined;
  const { GITHUB_STEP_SUMMARY: stepSummary } = env;
  return { stepSummary: stepSummary === '' ? undefined : stepSummary };
}

/** Adds to the summary of the step: what other commands of the step have said stays. */
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
