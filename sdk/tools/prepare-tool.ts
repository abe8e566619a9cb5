import { expectedGot } from '../../native/expected-got.mjs';
import { isObject } from '../rpc/is-object.ts';
import { type PreparedSchema, prepareSchema } from '../schema/prepare-schema.ts';
import type { Tool } from './tool.ts';

const prepared = new WeakMap<Tool, Promise<PreparedSchema<unknown>>>();

/**
 * The schema of a tool, ready for use. Read once for each tool.
 * @throws TypeError for a schema that has no JSON Schema, that is not one of an object, or that the engine would refuse
 * @throws CodexError with `kind` `install` for a JSON Schema without the package ajv
 */
export async function prepareTool(tool: Tool): Promise<PreparedSchema<unknown>> {
  const known = prepared.get(tool);
  if (known) return await known;
  const reading = read(tool);
  prepared.set(tool, reading);
  // A package that is missing now may be there at the next attempt.
  reading.catch(() => prepared.delete(tool));
  return await reading;
}

async function read({ name, inputSchema }: Tool): Promise<PreparedSchema<unknown>> {
  const doing = `reading the inputSchema of the tool ${name}`;
  const made = await prepareSchema(inputSchema, doing);
  const { type } = made.jsonSchema;
  if (type !== 'object') {
    const advice = 'A model gives arguments by name: put other values into an object';
    throw new TypeError(
      expectedGot(doing, 'the schema of an object', type === undefined ? 'none' : JSON.stringify(type), advice),
    );
  }
  refuseTuples(made.jsonSchema, doing, '');
  return made;
}

/** Keywords whose values are data and not schemas. */
const data = ['const', 'default', 'enum', 'examples'];

/** The engine reads no `items` that is a list, as drafts before 2020-12 have it for tuples. */
function refuseTuples(schema: unknown, doing: string, at: string): void {
  if (Array.isArray(schema)) for (const [index, one] of schema.entries()) refuseTuples(one, doing, `${at}/${index}`);
  else if (isObject(schema)) {
    for (const [key, value] of Object.entries(schema)) {
      if (data.includes(key)) continue;
      if (key === 'items' && Array.isArray(value))
        throw new TypeError(
          expectedGot(doing, 'a schema', `a list in ${at}/items`, 'The engine takes prefixItems for tuples'),
        );
      refuseTuples(value, doing, `${at}/${key}`);
    }
  }
}
