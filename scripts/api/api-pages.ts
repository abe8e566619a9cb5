import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Application,
  type Context,
  Converter,
  Logger,
  LogLevel,
  OptionDefaults,
  PageEvent,
  type TypeDocOptions,
} from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import ts from 'typescript';
import { expectedGot } from '../../native/expected-got.mjs';
import { entries } from '../build/package-json.ts';
import type { GeneratedFiles } from '../generate/publish-folder.ts';

const note = '<!-- Generated from the doc comments by `npm run generate`: change those. -->\n\n';
/** They have nothing but what is made from the contract, without comments: a list of the menu's names says more than a page for each. */
const withoutPages = ['./types', './protocol'];

const settings: Partial<TypeDocOptions & PluginOptions> = {
  name: 'twinproof',
  // Types are checked by the stage `types`; here an error anywhere in the tree would only be in the way.
  skipErrorChecking: true,
  disableSources: true,
  disableGit: true,
  // `@until` is the counterpart of `@since`: see the preamble of sdk/protocol/types.ts.
  blockTags: [...OptionDefaults.blockTags, '@until'],
  excludePrivate: true,
  excludeProtected: true,
  excludeInternal: true,
  excludeExternals: true,
  readme: 'none',
  logLevel: LogLevel.Warn,
  outputFileStrategy: 'modules',
  githubPages: false,
  sort: ['kind', 'alphabetical-ignoring-documents'],
  validation: {
    notExported: false,
    invalidLink: true,
    notDocumented: false,
    rewrittenLink: false,
    unusedMergeModuleWith: false,
  },
  plugin: ['typedoc-plugin-markdown'],
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hideGroupHeadings: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  indexFormat: 'list',
  excludeScopesInPaths: true,
};

/** What a reader looks for first, in this order; the others follow in the order of their names. */
const first = ['twinproof', 'exec', 'testing', 'native', 'Codex', 'Thread', 'TurnHandle', 'TurnResult', 'CodexConfig'];

const byImportance = (a: { name: string }, b: { name: string }): number => place(a.name) - place(b.name);
const place = (name: string): number => (first.includes(name) ? first.indexOf(name) : first.length);

/** Of a listener: the generator sorts at -100. */
const afterGrouping = -200;

/** Keeps what the generator complains of, in place of printing it. */
class Said extends Logger {
  readonly problems: string[] = [];
  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.problems.push(message);
  }
}

/** `sdk/exec`, as the generator names it, is the page `exec`; `sdk` is `twinproof`. */
function pageName(module: string, modules: readonly (readonly [string, string])[]): string {
  const entry = modules.find(([, file]) => file === module || file === `${module}/index`)?.[0];
  if (entry === undefined)
    throw new Error(expectedGot('writing docs/api', "a module of the package's entries", `"${module}"`));
  return entry === '.' ? 'twinproof' : entry.slice(2);
}

/**
 * The pages of docs/api: one for each entry of the package, a list of the protocol types, and an index. The same on every machine: no address
 * of a source, no date, no version of a tool.
 * @throws Error when a link in a doc comment leads nowhere, or the generator fails
 */
export async function apiPages(root: string): Promise<GeneratedFiles> {
  const modules = Object.entries(entries).filter(([entry]) => !withoutPages.includes(entry));
  const folder = await mkdtemp(join(tmpdir(), 'api-'));
  try {
    const app = await Application.bootstrapWithPlugins({
      ...settings,
      entryPoints: modules.map(([, module]) => join(root, `${module}.ts`)),
      tsconfig: join(root, 'scripts/api/tsconfig.json'),
      basePath: root,
      out: folder,
    });
    const said = new Said();
    app.logger = said;
    app.converter.on(
      Converter.EVENT_RESOLVE_END,
      ({ project }: Context) => {
        for (const module of project.children ?? []) {
          module.name = pageName(module.name, modules);
          for (const group of module.groups ?? []) group.children.sort(byImportance);
        }
        for (const group of project.groups ?? []) group.children.sort(byImportance);
      },
      afterGrouping,
    );
    app.renderer.on(PageEvent.END, (page: PageEvent) => {
      page.contents = `${note}${(page.contents ?? '').trim()}\n`;
    });
    const project = await app.convert();
    if (project !== undefined) app.validate(project);
    if (project !== undefined && said.problems.length === 0) await app.generateOutputs(project);
    if (project === undefined || said.problems.length > 0)
      throw new Error(`docs/api: the doc comments cannot be published\n${said.problems.join('\n')}`);
    const files: Record<string, string> = { 'types.md': note + typesPage(root) };
    for (const name of (await readdir(folder)).sort()) files[name] = await readFile(join(folder, name), 'utf8');
    return files;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The page of `twinproof/types`: its names. What they are like is in the generated declarations, which an editor shows. */
function typesPage(root: string): string {
  const file = join(root, 'sdk/types.ts');
  const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023);
  const names = statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
  const list = names.sort().map((name) => `- \`${name}\``);
  return `# types\n\nTypes of the engine's protocol, under the names of Python's \`openai_codex.types\`; generated from the engine's own schema. What the events and items of a turn mean is in [events and items](../events.md).\n\n${list.join('\n')}\n`;
}
