import path from 'node:path';
import ts from 'typescript';
import { expectedGot } from '../../../native/expected-got.mjs';
import { version } from '../../../sdk/index.ts';
import type { JsonValue } from '../../../testing/json/json.ts';
import { type Defaults, findDefaults, literalValue } from './find-defaults.ts';
import type { Surface, SurfaceField, SurfaceParameter, SurfaceSymbol } from './types.ts';

const menus = { root: 'sdk/index.ts', types: 'sdk/types.ts' } as const;

/**
 * Reads the public surface of our SDK from its menus, with the TypeScript compiler.
 * @throws Error if a menu cannot be read
 */
export function readTypeScriptSurface(repository: string): Surface {
  const config = ts.getParsedCommandLineOfConfigFile(path.join(repository, 'tsconfig.json'), {}, host);
  const files = Object.values(menus).map((menu) => path.join(repository, menu));
  const program = ts.createProgram(files, config?.options ?? {});
  const checker = program.getTypeChecker();
  const own = program
    .getSourceFiles()
    .filter(({ fileName }) => path.resolve(fileName).startsWith(path.join(repository, 'sdk', path.sep)));
  const defaults = findDefaults(own, checker);
  const symbols: SurfaceSymbol[] = [];
  for (const [module, menu] of Object.entries(menus) as ['root' | 'types', string][]) {
    const file = program.getSourceFile(path.join(repository, menu));
    const exports = file && checker.getSymbolAtLocation(file);
    if (!exports)
      throw new Error(expectedGot('reading the surface of the SDK', `a module with exports in ${menu}`, 'none'));
    for (const entry of checker.getExportsOfModule(exports)) {
      const target = entry.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(entry) : entry;
      symbols.push({
        module,
        name: entry.name,
        ...describeSymbol(target, { checker, defaults, inTypes: module === 'types' }),
      });
    }
  }
  return { version, symbols };
}

const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };

/** What describing needs from the program. */
export interface Describing {
  checker: ts.TypeChecker;
  defaults: Defaults;
  /** Whether the symbol is in the menu of protocol types, where members are identified by their wire values. */
  inTypes: boolean;
}

type Description = Omit<SurfaceSymbol, 'module' | 'name'>;

/** What is visible of an exported symbol. */
export function describeSymbol(symbol: ts.Symbol, about: Describing): Description {
  const { checker } = about;
  if (symbol.flags & ts.SymbolFlags.Class) return describeClass(symbol, about);
  if (symbol.flags & ts.SymbolFlags.Variable) {
    const declaration = symbol.valueDeclaration;
    const members = declaration ? constantMembers(checker.getTypeOfSymbolAtLocation(symbol, declaration), about) : {};
    return Object.keys(members).length > 0 ? { kind: 'enum', members } : { kind: 'value' };
  }
  if (symbol.flags & ts.SymbolFlags.Function) {
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
    return { kind: 'function', parameters: signature ? parametersOf(signature, about) : [] };
  }
  return describeType(checker.getDeclaredTypeOfSymbol(symbol), about);
}

function describeClass(symbol: ts.Symbol, about: Describing): Description {
  const { checker } = about;
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const [base] = type.isClassOrInterface() ? checker.getBaseTypes(type) : [];
  const [made] = symbol.valueDeclaration
    ? checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration).getConstructSignatures()
    : [];
  const fields: SurfaceField[] = [];
  const methods: { name: string; parameters: SurfaceParameter[] }[] = [];
  let context = false;
  const isError = type.getProperty('stack') !== undefined;
  for (const member of publicProperties(type)) {
    // For an error only its own parts: with what Error provides, each class would be listed again and again.
    if (isError && member.valueDeclaration?.parent !== symbol.valueDeclaration) continue;
    if (member.name.startsWith('__@asyncDispose')) context = true;
    if (member.name.startsWith('__@')) continue;
    const [signature] = checker.getTypeOfSymbol(member).getCallSignatures();
    if (signature) methods.push({ name: member.name, parameters: parametersOf(signature, about) });
    else fields.push(fieldOf(member, about));
  }
  return {
    kind: isError ? 'exception' : 'class',
    ...(base ? { base: base.symbol.name } : {}),
    context,
    construct: made && (!isError || ownConstructor(symbol)) ? parametersOf(made, about) : null,
    fields,
    methods,
  };
}

function ownConstructor(symbol: ts.Symbol): boolean {
  const declaration = symbol.valueDeclaration;
  return (
    declaration !== undefined &&
    ts.isClassDeclaration(declaration) &&
    declaration.members.some(ts.isConstructorDeclaration)
  );
}

/** A type by its parts: literals are members, records with a literal `type` are variants. */
export function describeType(type: ts.Type, about: Describing): Description {
  const parts = type.isUnion() ? type.types : [type];
  const members: Record<string, string> = {};
  const variants: { tag: string; fields: SurfaceField[] }[] = [];
  for (const part of parts) {
    if (part.isStringLiteral()) members[part.value] = part.value;
    else if (type.isUnion() && isRecord(part, about.checker)) {
      const variant = { tag: tagOf(part, about), fields: fieldsOf(publicProperties(part), about) };
      const same = variants.find(({ tag }) => tag === variant.tag);
      if (same === undefined) variants.push(variant);
      else same.fields = eitherOf(same.fields, variant.fields);
    }
  }
  const record = parts.every((part) => isRecord(part, about.checker));
  const fields = record ? fieldsOf(about.checker.getPropertiesOfType(type), about) : [];
  return { kind: type.isUnion() ? 'union' : record ? 'record' : 'alias', members, variants, fields };
}

/** The fields of a variant that has them in two forms, `{ url }` or `{ fileId }`: what only one form requires is not required. */
function eitherOf(one: SurfaceField[], other: SurfaceField[]): SurfaceField[] {
  const required = (name: string) =>
    [one, other].every((fields) => fields.some((field) => field.name === name && field.required));
  const all = new Map([...other, ...one].map((field) => [field.name, field]));
  return [...all.values()].map((field) => ({ ...field, required: required(field.name) }));
}

/** An object with named fields, or several in one; not a list, and not a map. */
function isRecord(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.isIntersection()) return type.types.every((part) => isRecord(part, checker));
  if ((type.flags & ts.TypeFlags.Object) === 0 || checker.isArrayLikeType(type)) return false;
  return type.getStringIndexType() === undefined || type.getProperties().length > 0;
}

function tagOf(type: ts.Type, { checker }: Describing): string {
  const tag = type.getProperty('type');
  const value = tag && checker.getTypeOfSymbol(tag);
  return value?.isStringLiteral() ? value.value : nameOf(type);
}

/** An intersection without a name of its own has those of its parts. */
function nameOf(type: ts.Type): string {
  const symbol: ts.Symbol | undefined = type.aliasSymbol ?? type.symbol;
  return symbol?.name ?? (type.isIntersection() ? type.types.map(nameOf).join(' & ') : 'object');
}

function publicProperties(type: ts.Type): ts.Symbol[] {
  return type.getProperties().filter((member) => {
    const declaration = member.valueDeclaration;
    const isPrivate =
      declaration && ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
    return !isPrivate && !/^(__)?#/.test(member.name);
  });
}

/** Symbols such as `Symbol.asyncDispose` have no counterpart in Python. */
const fieldsOf = (properties: readonly ts.Symbol[], about: Describing): SurfaceField[] =>
  properties.flatMap((field) => (field.name.startsWith('__@') ? [] : [fieldOf(field, about)]));

function fieldOf(field: ts.Symbol, about: Describing): SurfaceField {
  const type = about.checker.getTypeOfSymbol(field);
  const given = defaultOf(field, about);
  return {
    name: field.name,
    required: (field.flags & ts.SymbolFlags.Optional) === 0,
    nullable: type.isUnion() && type.types.some((part) => (part.flags & ts.TypeFlags.Null) !== 0),
    ...(given === undefined ? {} : { default: given }),
  };
}

function constantMembers(type: ts.Type, { checker, inTypes }: Describing): Record<string, string> {
  const entries = type.getProperties().flatMap((member) => {
    const value = checker.getTypeOfSymbol(member);
    return value.isStringLiteral() ? [[inTypes ? value.value : member.name, value.value] as const] : [];
  });
  return type.flags & ts.TypeFlags.Object ? Object.fromEntries(entries) : {};
}

/** The parameters; the fields of a parameter called `options` are listed individually. */
function parametersOf(signature: ts.Signature, about: Describing): SurfaceParameter[] {
  return signature.getParameters().flatMap((symbol): SurfaceParameter[] => {
    const declaration = symbol.valueDeclaration;
    if (symbol.name === 'options') {
      const type = about.checker.getNonNullableType(about.checker.getTypeOfSymbol(symbol));
      return publicProperties(type).map((field) => {
        const { name, required, default: given } = fieldOf(field, about);
        return { name, kind: 'option', required, ...(given === undefined ? {} : { default: given }) };
      });
    }
    const parameter = declaration && ts.isParameter(declaration) ? declaration : undefined;
    const initializer = parameter?.initializer;
    const given = initializer && literalValue(initializer, about.checker);
    const required = !initializer && !parameter?.questionToken;
    return [{ name: symbol.name, kind: 'positional', required, ...(given === undefined ? {} : { default: given }) }];
  });
}

function defaultOf(field: ts.Symbol, { defaults }: Describing): JsonValue | undefined {
  return (field.declarations ?? [])
    .map((declaration) => defaults.get(declaration))
    .find((value) => value !== undefined);
}
