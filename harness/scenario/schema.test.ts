import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { capabilities, clientIds, engineKinds, families } from '../clients/clients.ts';

interface Shape {
  all: string[];
  required: string[];
}
interface Definition {
  properties?: Record<string, unknown>;
  required?: string[];
  oneOf?: unknown[];
}

const at = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const schema = JSON.parse(at('../../fixtures/schema/scenario.schema.json')) as Definition & {
  definitions: Record<string, Definition>;
};
const sources = ['./types.ts', '../../testing/model/model-answer.ts'].map((path) =>
  ts.createSourceFile(path, at(path), ts.ScriptTarget.ES2023, true),
);

function shapeOf(members: ts.NodeArray<ts.TypeElement>): Shape {
  const fields = members.filter(ts.isPropertySignature).map((member) => ({
    name: ts.isStringLiteral(member.name) ? member.name.text : member.name.getText(),
    optional: member.questionToken !== undefined,
  }));
  return {
    all: fields.map(({ name }) => name).sort(),
    required: fields
      .filter(({ optional }) => !optional)
      .map(({ name }) => name)
      .sort(),
  };
}

const ofSchema = ({ properties = {}, required = [] }: Definition): Shape => ({
  all: Object.keys(properties).sort(),
  required: [...required].sort(),
});
const statements = sources.flatMap((source) => [...source.statements]);
const interfaces = new Map(
  statements.filter(ts.isInterfaceDeclaration).map((node) => [node.name.text, shapeOf(node.members)]),
);
const expectedLines = ['modelAnswer', 'answerRule'];
const aliases = new Map(statements.filter(ts.isTypeAliasDeclaration).map((node) => [node.name.text, node.type]));

test('the schema of a scenario has the fields of the types, and asks for the same ones', () => {
  expect(ofSchema(schema)).toEqual(interfaces.get('Scenario'));
  const named = Object.entries(schema.definitions).filter(
    ([name, { properties }]) => properties !== undefined && !name.endsWith('Part'),
  );
  expect(named.length).toBeGreaterThan(4);
  for (const [name, definition] of named) {
    const { all, required } = ofSchema(definition);
    const own = interfaces.get(name.charAt(0).toUpperCase() + name.slice(1));
    // A range of versions is of the file alone: it is gone once an engine is chosen.
    const range = expectedLines.includes(name) ? ['since', 'until'] : [];
    expect({ all, required }, name).toEqual({ ...own, all: [...(own?.all ?? []), ...range].sort() });
  }
});

test('the schema has a part for each kind of model part', () => {
  const parts = (aliases.get('ModelPart') as ts.UnionTypeNode).types.map((type) =>
    shapeOf((type as ts.TypeLiteralNode).members),
  );
  const defined = Object.entries(schema.definitions).filter(
    ([name, { properties }]) => name.endsWith('Part') && properties !== undefined,
  );
  const sorted = (shapes: Shape[]): string[] => shapes.map((shape) => JSON.stringify(shape)).sort();
  expect(sorted(defined.map(([, definition]) => ofSchema(definition)))).toEqual(sorted(parts));
});

test('the closed sets of words are the same', () => {
  const allowed = (definition: unknown): string[] => (definition as { enum: string[] }).enum;
  expect(allowed(schema.definitions.capability)).toEqual([...capabilities]);
  expect(allowed(schema.definitions.clientId)).toEqual([...clientIds]);
  expect(allowed(schema.properties?.family)).toEqual([...families]);
  expect(allowed((schema.properties?.engines as { items: unknown } | undefined)?.items)).toEqual([...engineKinds]);
});
