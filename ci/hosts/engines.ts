import { readEngineLock } from '../../native/index.ts';
import type { Host } from './host.ts';

/** A turn on the installed engine with a scripted model; it also says whether anything was warned of. */
const program = `
import { scriptedModel } from 'twinproof/testing';
let warnings = 0;
process.on('warning', () => { warnings += 1; });
const model = await scriptedModel([{ message: 'hello' }]);
const codex = model.codex();
const { serverInfo } = await codex.connect();
const { finalResponse } = await (await codex.threadStart()).run('hi');
await model.finish();
console.log(finalResponse + ' ' + /^[\\d.]+/.exec(serverInfo.version) + ', ' + warnings + ' warnings');
`;

/** Our package beside each engine of the window: npm accepts the pair, and a turn runs on it. */
export const engines: readonly Host[] = Object.keys(readEngineLock().engines).map((version) => ({
  id: `engine-${version}`,
  title: `npm, beside @openai/codex ${version}`,
  engine: version,
  files: { 'app.mjs': program },
  steps: ['node app.mjs'],
  expect: `hello ${version}, 0 warnings`,
}));
