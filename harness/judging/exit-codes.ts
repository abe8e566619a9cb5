import { holds } from './holds.ts';
import type { Rule } from './rules.ts';

/** 1 if any of the reasons to fail holds. */
const exitCode = (reasons: Partial<Record<Rule, boolean>>): 0 | 1 =>
  (Object.entries(reasons) as [Rule, boolean][]).some(([rule, isSo]) => holds(rule, isSo)) ? 1 : 0;

interface Counts {
  failed: number;
  interrupted?: boolean;
}

/** How each command ends, by what it found. */
export const exitCodes = {
  tests: ({ failed }: Counts) => exitCode({ 'tests-failed': failed > 0 }),
  check: ({ failed }: Counts) => exitCode({ 'check-failed': failed > 0 }),
  /** In a shard of few cells there may be none to judge. */
  run: ({ failed, passed, isShard, interrupted }: Counts & { passed: number; isShard: boolean }) =>
    exitCode({
      'run-failed': failed > 0,
      'run-judged-nothing': passed === 0 && !isShard,
      'run-interrupted': interrupted === true,
    }),
  record: ({
    failed,
    refused,
    changed,
    interrupted,
    check,
  }: Counts & { refused: number; changed: number; check: boolean }) =>
    exitCode({
      'record-failed': failed > 0,
      'record-refused': refused > 0,
      'record-would-change': check && changed > 0,
      'record-interrupted': interrupted === true,
    }),
  coverage: ({ refuted, missed }: { refuted: number; missed: number }) =>
    exitCode({ 'coverage-refuted': refuted > 0, 'coverage-goal-missed': missed > 0 }),
  behaviours: ({ chosen, proven }: { chosen: number; proven: number }) =>
    exitCode({ 'behaviours-unproven': proven !== chosen, 'behaviours-none': proven === 0 }),
  surface: ({ failed }: Counts) => exitCode({ 'surface-unlike': failed > 0 }),
  mutation: (of: { tooLow: boolean; notWhole: boolean; refuted: number; tried: number }) =>
    exitCode({
      'mutation-too-low': of.tooLow,
      'mutation-not-whole': of.notWhole,
      'mutation-refuted': of.refuted > 0,
      'mutation-none': of.tried === 0,
    }),
  diff: ({ failed }: Counts) => exitCode({ 'observations-differ': failed > 0 }),
  rerun: ({ failed, interrupted }: Counts) =>
    exitCode({ 'rerun-failed': failed > 0, 'rerun-interrupted': interrupted === true }),
  interleave: ({ failed, passed, interrupted }: Counts & { passed: number }) =>
    exitCode({
      'interleave-failed': failed > 0,
      'interleave-none': failed + passed === 0,
      'interleave-interrupted': interrupted === true,
    }),
  fuzz: ({ found, notWhole }: { found: boolean; notWhole?: boolean }) =>
    exitCode({ 'fuzz-found': found, 'fuzz-not-whole': notWhole === true }),
  sweep: ({ failed }: Counts) => exitCode({ 'sweep-failed': failed > 0 }),
  doctor: ({ failed }: Counts) => exitCode({ 'doctor-found': failed > 0 }),
  calls: ({ failed, passed }: Counts & { passed: number }) =>
    exitCode({ 'calls-failed': failed > 0, 'calls-none': failed + passed === 0 }),
  hosts: ({ failed, passed }: Counts & { passed: number }) =>
    exitCode({ 'host-failed': failed > 0, 'hosts-none': failed + passed === 0 }),
  /** Of the scheduled watch: a report is what the gate is for, also one that asks for work. */
  gate: (code: number | null) => (holds('gate-made-report', code === 0 || code === 1) ? 0 : (code ?? 3)),
  sensitivity: ({ problems, tampered }: { problems: number; tampered: number }) =>
    exitCode({ 'sensitivity-failed': problems > 0 || tampered === 0 }),
} as const;
