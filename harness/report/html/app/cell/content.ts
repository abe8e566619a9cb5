import { isObject, type JsonObject, type JsonValue } from '../../../../../testing/json/json.ts';

/** What a line says beyond its name, which stands beside it: params, result, payload; all of it where it has none of these. */
export function contentOf(body: JsonObject): JsonValue {
  const { msg } = body;
  const { params, result, error } = objectOf(msg);
  return (
    params ?? result ?? error ?? msg ?? body.payload ?? body.value ?? body.args ?? body.params ?? body.error ?? body
  );
}

/** The value where it is an object; else an empty one. */
export const objectOf = (value: JsonValue | undefined): Record<string, JsonValue> => (isObject(value) ? value : {});
