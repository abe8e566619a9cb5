import { stringify } from 'yaml';
import type { Family } from '../clients/clients.ts';

const bodies: Record<Family, string> = {
  'app-server': `covers: [thread/start, turn/start, turn/completed]
model:
  - message: Hello there.
steps:
  - { call: codex.thread_start, as: t, with: { sandbox: { $enum: Sandbox.read_only } } }
  - { call: t.turn, as: h, with: { input: hi } }
  - { start: h.stream, as: events }
  - { join: events }
`,
  exec: `covers: [thread.started, turn.completed]
git: true
model:
  - message: Hello there.
steps:
  - { call: codex.start_thread, as: t }
  - { call: t.run, as: result, with: { input: hi } }
`,
};

/**
 * Text of a new scenario's file: one turn, complete and ready to run. The default title is made from the last part of
 * the id.
 */
export function scenarioSkeleton({
  id,
  family,
  title,
}: {
  id: string;
  family: Family;
  title?: string | undefined;
}): string {
  const folders = id.split('/').length;
  const words = (id.split('/').at(-1) ?? id).replaceAll('-', ' ');
  const said = title ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return [
    `# yaml-language-server: $schema=${'../'.repeat(folders)}schema/scenario.schema.json`,
    `id: ${id}`,
    `title: ${stringify(said, { lineWidth: 0, defaultStringType: /\n/.test(said) ? 'QUOTE_DOUBLE' : 'PLAIN' }).trimEnd()}`,
    `family: ${family}`,
    bodies[family],
  ].join('\n');
}
