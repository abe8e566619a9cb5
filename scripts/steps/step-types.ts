import type { StepDefinition, StepKey, StepLanguage, StepSchema } from './read-steps.ts';

/**
 * The TypeScript of a language: its groups, the steps by their verb (`NAMEs`), and the union of them (`NAME`).
 * @param exported whether groups and named kinds are for others too
 */
export function typeDeclarations(language: StepLanguage, exported: boolean): string {
  const { name, description, types, groups, everywhere, steps } = language;
  const word = exported ? 'export ' : '';
  const aliases = types.map(
    ({ typeName, typeDescription, ...schema }) =>
      `${comment(typeDescription)}${word}type ${typeName} = ${typeExpression({ ...schema }, name)};\n`,
  );
  const interfaces = groups.map(
    (group) =>
      `${comment(group.description)}${group === everywhere ? 'export ' : word}interface ${group.name} {\n${members(group.keys, name)}}\n`,
  );
  const bodies = steps.map((step) => `${comment(step.description)}${keyText(step.verb)}: ${bodyOf(step, name)};\n`);
  return [
    ...aliases,
    ...interfaces,
    `/** The steps by their verb. ${description} */\nexport interface ${name}s {\n${bodies.join('')}}\n`,
    `/** One step. */\nexport type ${name} = ${name}s[keyof ${name}s];\n`,
  ].join('\n');
}

function bodyOf({ verb, value, keys, groups }: StepDefinition, step: string): string {
  const own = members([{ key: verb, required: true, schema: value }, ...keys], step);
  const beside = groups.map(({ group, keys: some }) =>
    some.length === group.keys.length
      ? group.name
      : `Pick<${group.name}, ${some.map(({ key }) => `'${key}'`).join(' | ')}>`,
  );
  return [`{\n${own}}`, ...beside].join(' & ');
}

const members = (keys: readonly StepKey[], step: string): string =>
  keys
    .map(({ key, required, schema }) => {
      return `${comment(schema.description)}${keyText(key)}${required ? '' : '?'}: ${typeExpression(schema, step)};\n`;
    })
    .join('');

/** @param step the name of the type of a step */
function typeExpression(schema: StepSchema, step: string): string {
  if (schema.typeName !== undefined) return schema.typeName;
  if (schema.steps !== undefined) return schema.steps === 'list' ? `${step}[]` : `${step}[][]`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === undefined) return 'JsonValue';
  return [schema.type]
    .flat()
    .map((type) => ofType(type, schema, step))
    .join(' | ');
}

function ofType(type: string, schema: StepSchema, step: string): string {
  switch (type) {
    case 'integer':
      return 'number';
    case 'array': {
      const items = typeExpression(schema.items ?? {}, step);
      return items.includes('|') ? `(${items})[]` : `${items}[]`;
    }
    case 'object': {
      const { properties, additionalProperties: rest } = schema;
      if (typeof rest === 'object') return `Record<string, ${typeExpression(rest, step)}>`;
      if (properties === undefined) return 'JsonObject';
      const keys = Object.entries(properties).map(([key, inner]) => {
        return { key, schema: inner, required: schema.required?.includes(key) === true };
      });
      return `{\n${members(keys, step)}}`;
    }
    case 'string': {
      // A pattern that is nothing but words is a choice of them.
      const words = /^\^\(?([a-z|-]+)\)?\$$/.exec(schema.pattern ?? '')?.[1];
      return words === undefined
        ? 'string'
        : words
            .split('|')
            .map((word) => `'${word}'`)
            .join(' | ');
    }
    default:
      return type;
  }
}

const keyText = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : `'${key}'`);

/** A doc comment, broken within the formatter's width. */
function comment(text = ''): string {
  if (text === '') return '';
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.length - 1;
    const line = lines[last] as string;
    if (line.length + word.length > 108) lines.push(word);
    else lines[last] = line === '' ? word : `${line} ${word}`;
  }
  return lines.length === 1 ? `/** ${lines[0]} */\n` : `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`;
}
