import { commonOptions, type Grammar, type Option } from '../read-arguments.ts';

/** What `exec` and `exec resume` both take. */
const shared: readonly Option[] = [
  ...commonOptions,
  { long: '--strict-config' },
  { long: '--model', short: '-m', value: 'MODEL' },
  { long: '--dangerously-bypass-approvals-and-sandbox', alias: '--yolo' },
  { long: '--dangerously-bypass-hook-trust' },
  { long: '--worktree' },
  { long: '--thread-source', value: 'SOURCE' },
  {
    long: '--cyber-access-program',
    value: 'PROGRAM',
    possible: ['standard', 'daybreak_blue', 'daybreak_red'],
  },
  { long: '--skip-git-repo-check' },
  { long: '--ephemeral' },
  { long: '--ignore-user-config' },
  { long: '--ignore-rules' },
  { long: '--output-schema', value: 'FILE' },
  { long: '--json', alias: '--experimental-json' },
  { long: '--output-last-message', short: '-o', value: 'FILE' },
];

/** `codex exec`, 0.163.0. */
export const execGrammar: Grammar = {
  usage: 'codex exec [OPTIONS] [PROMPT]\n       codex exec [OPTIONS] <COMMAND> [ARGS]',
  options: [
    ...shared,
    { long: '--image', short: '-i', value: 'FILE', many: 'greedy', commas: true },
    { long: '--oss' },
    { long: '--local-provider', value: 'OSS_PROVIDER' },
    { long: '--profile', short: '-p', value: 'CONFIG_PROFILE_V2' },
    {
      long: '--sandbox',
      short: '-s',
      value: 'SANDBOX_MODE',
      possible: ['read-only', 'workspace-write', 'danger-full-access'],
    },
    { long: '--approve-for-me' },
    { long: '--cd', short: '-C', value: 'DIR' },
    { long: '--add-dir', value: 'DIR', many: true },
    { long: '--color', value: 'COLOR', possible: ['always', 'never', 'auto'] },
    { long: '--version', short: '-V' },
  ],
  positionals: 1,
  commands: ['resume', 'fork', 'review', 'help'],
};

/** `codex exec resume`. */
export const resumeGrammar: Grammar = {
  usage: 'codex exec resume [OPTIONS] [SESSION_ID] [PROMPT]',
  options: [
    ...shared,
    { long: '--image', short: '-i', value: 'FILE', many: true, commas: true },
    { long: '--last' },
    { long: '--all' },
  ],
  positionals: 2,
};
