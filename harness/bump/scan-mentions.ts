import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { Mention } from './types.ts';

/** Where a word of the protocol stands in what is ours. */
export type Place = Omit<Mention, 'fingerprint'>;

/** What stands in our sources and pages, by word. */
export interface Words {
  /** Texts in quotes: values of enums, methods. */
  literals: Map<string, Place[]>;
  /** Names of members, in the protocol's spelling. */
  names: Map<string, Place[]>;
  /** Names of types. */
  types: Map<string, Place[]>;
}

const sources = ['sdk', 'examples', 'testing'];
const pages = ['docs', 'examples', 'sdk', '.'];
/** Made from the contract, or about a release: they change with it. */
const generated = /^(?:sdk\/protocol|docs\/(?:api|bumps)|docs\/parity\.md|docs\/engines\.md)/;

/** Every word of ours that a change of the protocol could be about, with where it stands; one pass over sources and pages. */
export function readWords(root: string): Words {
  const words: Words = { literals: new Map(), names: new Map(), types: new Map() };
  for (const file of filesIn(root, sources, /\.tsx?$/, true))
    if (!/\.test\.tsx?$/.test(file)) readSource(root, file, words);
  for (const file of filesIn(root, pages, /\.md$/, false)) readPage(root, file, words);
  return words;
}

function filesIn(root: string, folders: readonly string[], name: RegExp, deep: boolean): string[] {
  const found = folders.flatMap((folder) => {
    const entries = readdirSync(path.join(root, folder), { recursive: deep && folder !== '.', encoding: 'utf8' });
    return entries.map((entry) => path.posix.join(folder, entry.split(path.sep).join('/')));
  });
  const kept = found.filter(
    (file) => name.test(file) && !generated.test(file) && !/node_modules|test-fixtures/.test(file),
  );
  return [...new Set(kept)].sort();
}

function add(to: Map<string, Place[]>, word: string, place: Place): void {
  const known = to.get(word) ?? [];
  to.set(word, known);
  // A word in one line several times is one mention.
  if (!known.some(({ file, line }) => file === place.file && line === place.line)) known.push(place);
}

function readSource(root: string, file: string, words: Words): void {
  const text = readFileSync(path.join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n');
  const placeOf = (node: ts.Node, kind: Mention['kind']): Place => {
    const at = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    return { file, line: at + 1, kind, text: (lines[at] ?? '').trim().slice(0, 200) };
  };
  const own: Mention['kind'] = file.includes('/errors/') ? 'error' : 'type';
  /** @param exported within a declaration that users see */
  const visit = (node: ts.Node, exported: boolean): void => {
    const declares = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isEnumDeclaration(node);
    const within = exported || ((declares || ts.isVariableStatement(node)) && isExported(node));
    const kind = own === 'error' ? 'error' : within ? 'option' : 'type';
    if (ts.isImportDeclaration(node)) {
      for (const name of importedNames(node)) add(words.types, name.text, placeOf(name, 'type'));
      return;
    }
    if (ts.isStringLiteralLike(node)) add(words.literals, node.text, placeOf(node, kind));
    else if (ts.isPropertySignature(node) || ts.isPropertyAssignment(node) || ts.isEnumMember(node)) {
      const name = node.name.getText(source).replace(/^['"]|['"]$/g, '');
      add(words.names, name, placeOf(node, kind));
      // A table of errors has the engine's words as its keys.
      if (own === 'error' || ts.isStringLiteral(node.name)) add(words.literals, name, placeOf(node, kind));
    } else if (ts.isShorthandPropertyAssignment(node) || ts.isPropertyAccessExpression(node)) {
      add(words.names, node.name.getText(source), placeOf(node, own));
    }
    ts.forEachChild(node, (child) => visit(child, within));
  };
  visit(source, false);
}

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function importedNames({ importClause }: ts.ImportDeclaration): ts.Identifier[] {
  const bindings = importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
  return bindings.elements
    .map(({ propertyName, name }) => propertyName ?? name)
    .filter((name) => ts.isIdentifier(name));
}

function readPage(root: string, file: string, words: Words): void {
  let fenced = false;
  readFileSync(path.join(root, file), 'utf8')
    .split('\n')
    .forEach((line, at) => {
      if (/^\s*```/.test(line)) fenced = !fenced;
      const place: Place = { file, line: at + 1, kind: 'docs', text: line.trim().slice(0, 200) };
      const code = fenced ? [line] : [...line.matchAll(/`([^`]+)`/g)].map(([, inside = '']) => inside);
      for (const inside of code) {
        // A word of a protocol stands alone or in quotes; a method is known by its slash.
        const quoted = [...inside.matchAll(/["']([\w/-]+)["']/g)].map(([, word = '']) => word);
        const methods = inside.match(/[a-z]\w*(?:\/\w+)+/g) ?? [];
        for (const word of new Set([...quoted, ...methods, ...(fenced ? [] : [inside])]))
          add(words.literals, word, place);
        for (const [word] of inside.matchAll(/[A-Za-z_]\w*/g)) {
          add(words.names, word, place);
          if (/^[A-Z]\w*$/.test(word)) add(words.types, word, place);
        }
      }
    });
}
