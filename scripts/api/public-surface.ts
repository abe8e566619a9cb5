import { join } from 'node:path';
import ts from 'typescript';
import { expectedGot } from '../../native/expected-got.mjs';
import { entries } from '../build/package-json.ts';

/** What is wrong with a public declaration, and where: `twinproof/exec Thread.run: …`. */
export interface SurfaceProblem {
  where: string;
  problem: 'no doc comment' | 'any' | 'a #private field, which throws behind a Proxy';
}

/** Types whose every field a caller sets or reads: each has to say what it is. */
const spelledOut = /(Options|Config)$|^TurnResult$/;
/** Made from the contract, which has no prose that could be copied. */
const generated = /[\\/]sdk[\\/]protocol[\\/]/;

/** Looks at every export of every entry of the package, its members and its signatures, as the compiler sees them. */
export function surfaceProblems(root: string, modules: Readonly<Record<string, string>> = entries): SurfaceProblem[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(`The public surface: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
      },
    },
  );
  const files = Object.values(modules).map((module) => join(root, `${module}.ts`));
  const program = ts.createProgram(files, config?.options ?? {});
  const checker = program.getTypeChecker();
  const problems: SurfaceProblem[] = [];
  for (const [at, entry] of Object.keys(modules).entries()) {
    const source = program.getSourceFile(files[at] ?? '');
    const menu = source && checker.getSymbolAtLocation(source);
    if (menu === undefined)
      throw new Error(expectedGot('reading the public surface', 'a module that exports', `${files[at]}`));
    for (const named of checker.getExportsOfModule(menu)) {
      const symbol = named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
      if (!isOurs(symbol)) continue;
      const where = `twinproof${entry.slice(1)} ${named.name}`;
      if (!hasComment(symbol, checker)) problems.push({ where, problem: 'no doc comment' });
      for (const field of privateFields(symbol, checker))
        problems.push({ where: `${where}.${field}`, problem: 'a #private field, which throws behind a Proxy' });
      for (const member of membersOf(symbol, checker)) {
        if (!isOurs(member)) continue;
        const isField = (member.flags & ts.SymbolFlags.Property) !== 0;
        const needsComment = !isField || spelledOut.test(named.name);
        if (needsComment && !hasComment(member, checker))
          problems.push({ where: `${where}.${member.name}`, problem: 'no doc comment' });
        if (hasAny(member, checker)) problems.push({ where: `${where}.${member.name}`, problem: 'any' });
      }
      if (hasAny(symbol, checker)) problems.push({ where, problem: 'any' });
    }
  }
  return problems;
}

function isOurs(symbol: ts.Symbol): boolean {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
  return file !== '' && !file.includes('/node_modules/') && !generated.test(file);
}

function hasComment(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  return symbol.getDocumentationComment(checker).length > 0 || symbol.getJsDocTags(checker).length > 0;
}

/** Public members of a class or of an object type, but for those that the language names, such as `[Symbol.asyncDispose]`. */
function membersOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol[] {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return type.isUnion()
    ? []
    : type.getProperties().filter((member) => {
        const [declaration] = member.declarations ?? [];
        return (
          !/^(__|#)/.test(member.name) &&
          (declaration === undefined || (ts.getCombinedModifierFlags(declaration) & hidden) === 0)
        );
      });
}

/** The `#private` fields and methods of a class, and of those that it extends. */
function privateFields(symbol: ts.Symbol, checker: ts.TypeChecker): string[] {
  return checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .flatMap(({ declarations: [declaration] = [] }) => {
      const name = declaration && ts.getNameOfDeclaration(declaration);
      return name && ts.isPrivateIdentifier(name) ? [name.text] : [];
    });
}

/** Whether a declared signature, or the type of a value, says `any` where a caller sees it. */
function hasAny(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) return false;
  const isType = symbol.flags & (ts.SymbolFlags.Type & ~ts.SymbolFlags.Class);
  const type = isType
    ? checker.getDeclaredTypeOfSymbol(symbol)
    : checker.getTypeOfSymbolAtLocation(symbol, declaration);
  // A type may contain itself, as JSON values do.
  const seen = new Set<ts.Type>();
  const saysAny = (one: ts.Type): boolean => {
    if (one.flags & ts.TypeFlags.Any) return true;
    if (seen.has(one)) return false;
    seen.add(one);
    if (one.isUnion()) return one.types.some(saysAny);
    return isReference(one) && checker.getTypeArguments(one).some(saysAny);
  };
  const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()];
  return (
    saysAny(type) ||
    signatures.some(
      (signature) =>
        saysAny(signature.getReturnType()) ||
        signature.parameters.some((parameter) => saysAny(checker.getTypeOfSymbolAtLocation(parameter, declaration))),
    )
  );
}

/** An instance of a generic type, such as a promise, a list or a generator. */
function isReference(type: ts.Type): type is ts.TypeReference {
  const isObject = (type.flags & ts.TypeFlags.Object) !== 0;
  return isObject && ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
}
