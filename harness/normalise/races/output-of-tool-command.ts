import { isObject } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import { textAt } from '../wire-facts.ts';

const output = 'item/commandExecution/outputDelta';

/**
 * Output of commands that the model runs, as it arrives. The engine looks for it from time to time and reports none for
 * a command that has already ended, so it depends on how busy the machine is. The item has the complete output. A
 * command of the user's own (`userShell`) always reports all of its output.
 */
export function outputOfToolCommands(lines: readonly ObservationBody[]): ReadonlySet<number> {
  const commands = new Set<string>();
  const found = new Set<number>();
  lines.forEach((line, index) => {
    const [method, params] =
      line.ch === 'event'
        ? [line.method, line.payload]
        : line.ch === 'wire.in' && isObject(line.msg)
          ? [line.msg.method, line.msg.params]
          : [];
    if (method === 'item/started' && textAt(params, 'item', 'source') === 'unifiedExecStartup') {
      const id = textAt(params, 'item', 'id');
      if (id !== undefined) commands.add(id);
    }
    if (method === output && commands.has(textAt(params, 'itemId') ?? '')) found.add(index);
  });
  return found;
}
