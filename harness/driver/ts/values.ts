import { join } from 'node:path';
import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import type { BuiltArguments, ClientAdapter } from './adapter.ts';
import { splitName } from './names.ts';

/** What typed forms are built with. */
export interface ValueContext {
  adapter: ClientAdapter;
  names: ReadonlyMap<string, unknown>;
  workspace: string;
}

/**
 * Replaces the typed forms in a step's arguments with the client's values: `$enum`, `$new`, `$ref`, `$path`, `$repeat`,
 * at any depth.
 */
export function buildArguments(args: JsonObject, context: ValueContext): BuiltArguments {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, build(value, context)]));
}

function build(value: JsonValue, context: ValueContext): unknown {
  if (Array.isArray(value)) return value.map((entry) => build(entry, context));
  if (!isObject(value)) return value;
  if ('$enum' in value) {
    const { name, path } = splitName(String(value.$enum));
    return context.adapter.enumMember(name, path.join('.'));
  }
  if ('$new' in value) {
    const { $new, ...fields } = value;
    return context.adapter.instance(String($new), buildArguments(fields, context));
  }
  if ('$ref' in value) {
    const { name, path } = splitName(String(value.$ref));
    return path.reduce((owner, part) => context.adapter.attribute(owner, part), context.names.get(name));
  }
  if ('$repeat' in value) return String(value.$repeat).repeat(Number(value.times));
  if ('$path' in value) return join(context.workspace, String(value.$path));
  return buildArguments(value, context);
}
