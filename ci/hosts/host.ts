import { readEngineLock } from '../../native/index.ts';

/** One kind of host that a program of ours can live in: a small project, how it is set up and started, and what must come of it. */
export interface Host {
  /** For `--only`, and for the project's folder. */
  id: string;
  /** What is special about it. */
  title: string;
  /** The engine's version. Default: the pin. */
  engine?: string;
  /** Packages beside ours and the engine's, each at one exact version. */
  packages?: Readonly<Record<string, string>>;
  /** Our package alone: the engine's package is not installed. */
  alone?: true;
  /** More of the project's `package.json`. */
  manifest?: object;
  /** The project's files. */
  files: Readonly<Record<string, string>>;
  /** Default `npm`. The others come as packages, into a folder of their own. */
  installer?: 'npm' | 'pnpm' | 'yarn';
  /** The commands, in order; a first word `node_modules/…` is a file of the project, `{tool}` the folder of the package
   * manager, `{archive}` an archive of the engine with the hash `{sha256}`. */
  steps: readonly string[];
  /** Taken from the environment of the last step. */
  without?: readonly string[];
  /** Runs the last step as a user that the machine does not know; needs root on Linux. */
  nameless?: true;
  /** What the last step prints last, by itself on a line. */
  expect: string;
}

/** What `program` and `commonJsProgram` print. */
export const said = `hello ${readEngineLock().pin} true`;

const work = `
async function work() {
  const engine = memoryEngine({ 'turn/start': () => 'hello' });
  const thread = await engine.codex().threadStart();
  const { finalResponse } = await thread.run([new TextInput('hi')]);
  await engine.finish();
  const codex = new Codex();
  const { serverInfo } = await codex.connect();
  await codex.close();
  const refused = await codex.models({ timeoutMs: -1 }).catch((error) => error);
  return finalResponse + ' ' + /^[\\d.]+/.exec(serverInfo.version) + ' ' + (refused instanceof RangeError && new Exec() instanceof Exec);
}`;

const menus = [
  ['{ Codex, TextInput }', 'twinproof'],
  ['{ Codex: Exec }', 'twinproof/exec', '{ Codex as Exec }'],
  ['{ memoryEngine }', 'twinproof/testing'],
] as const;

/** As an ES module: a turn on an engine in memory, then the real engine, found and greeted. It exports `work`, which does both. */
export const module: string = [
  ...menus.map(([names, from, imported = names]) => `import ${imported} from '${from}';`),
  `export ${work.trim()}`,
].join('\n');

/** The same as a CommonJS module. */
export const commonJsModule: string = [
  ...menus.map(([names, from]) => `const ${names} = require('${from}');`),
  work,
  'module.exports = { work };',
].join('\n');

/** The module as a program, which prints what came of it. */
export const program = `${module}\nconsole.log(await work());\n`;
/** The CommonJS module as a program. */
export const commonJsProgram = `${commonJsModule}\nwork().then(console.log);\n`;
