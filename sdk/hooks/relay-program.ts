import { longestTimerMs } from '../host/real-timers.ts';

/**
 * The program that the engine starts for a hook: it hands what it is told to the program that has the hooks, and prints the
 * answer. Without one it prints the safe answer, so that the engine never waits, and nothing passes that a hook might have
 * refused. It reads an address, a token, an event and a time in seconds; `safe` has the safe answers by event.
 */
export const relayProgram = (safe: Readonly<Record<string, object>>): string => `
import { connect } from 'node:net';
const safe = ${JSON.stringify(safe)};
const [event, seconds] = process.argv.slice(2);
let over = false;
const end = (text) => {
  if (over) return;
  over = true;
  process.stdout.write(text, () => process.exit(0));
};
const fail = () => end(JSON.stringify(safe[event] ?? {}));
setTimeout(fail, Math.min(Number(seconds) * 1000, ${longestTimerMs}));
process.on('uncaughtException', fail);
let input = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => { input += chunk; }).on('end', () => {
  const socket = connect(process.env.TWINPROOF_HOOK_SOCKET ?? '');
  let answer = '';
  socket.setEncoding('utf8').on('error', fail).on('close', fail);
  socket.on('data', (chunk) => {
    answer += chunk;
    if (answer.endsWith('\\n')) end(answer.trim());
  });
  socket.write(JSON.stringify({ token: process.env.TWINPROOF_HOOK_TOKEN, event, input }) + '\\n');
});
`;
