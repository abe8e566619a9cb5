import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as sdk from '../../sdk/index.ts';
import { memoryEngine } from './memory-engine.ts';

const pages = ['docs/using.md', 'docs/testing.md', 'sdk/README.md'];

/** The recipes of a page that make a client: their code, without the imports. */
function recipes(page: string): string[] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  const code = [...text.matchAll(/```(?:ts|js)([^\n]*)\n([\s\S]*?)```/g)].filter(
    ([, words]) => !words?.includes('no-run'),
  );
  return code
    .map(([, , body = '']) => body)
    .filter((body) => /from 'twinproof';/.test(body) && /new Codex\(/.test(body) && !/export |\/exec'/.test(body))
    .map((body) => body.replace(/^import .*$/gm, ''));
}

const all = pages.flatMap((page) => recipes(page).map((code, at): [string, string] => [`${page} ${at + 1}`, code]));

test('there are recipes', () => expect(all.length).toBeGreaterThan(5));

test.each(all)('memoryEngine knows every request of the recipe %s', async (_, code) => {
  const engine = memoryEngine({ 'turn/start': () => '{"ok":true,"summary":"fine","status":"ok"}' });
  class Codex extends sdk.Codex {
    constructor(config: sdk.CodexConfig = {}) {
      super({ ...config, transport: engine.transport });
    }
  }
  const names = {
    ...sdk,
    z,
    Codex,
    console: { log() {}, error() {} },
    process: { ...process, stdout: { write() {} } },
  };
  const module = ts.transpileModule(`return (async () => {${code}})();`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const run = new Function(...Object.keys(names), module.outputText) as (...given: unknown[]) => Promise<void>;
  await run(...Object.values(names));
  await engine.finish();
});
