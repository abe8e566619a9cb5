import { isObject, type JsonObject, type JsonValue } from '../../../../../testing/json/json.ts';

/**
 * What a line says besides its name, which is shown next to it: params, result, payload; the whole line if it has none
 * of these.
 */
export function contentOf(body: JsonObject): JsonValue {
  const { msg } = body;
  const { params, result, error } = objectOf(msg);
  return (
    params ?? result ?? error ?? msg ?? body.payload ?? body.value ?? body.args ?? body.params ?? body.error ?? body
  );
}

/** The value if it is an object, otherwise an empty one. */
export const objectOf = (value: JsonValue | undefined): Record<string, JsonValue> => (isObject(value) ? value : {});
