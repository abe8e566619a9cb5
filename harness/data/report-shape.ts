import type { ErrorObject, ValidateFunction } from 'ajv';
import { didYouMean } from '../../testing/nearest.ts';
import type { Path, Report } from './yaml-source.ts';

/**
 * Reports everything that a compiled schema finds wrong with a value, at its place: what was expected, and what came.
 */
export function reportShape(validate: ValidateFunction, value: unknown, base: Path, fail: Report): void {
  if (validate(value)) return;
  for (const error of validate.errors ?? []) {
    const path = [
      ...base,
      ...error.instancePath
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
    ];
    if (error.keyword === 'additionalProperties') {
      const key = String(error.params.additionalProperty);
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
      const message = `expected the keys ${known.join(', ')}, got the key "${key}"${didYouMean(key, known)}`;
      fail([...path, key], message, 'key');
    } else fail(path, tell(error));
  }
}

/** What a schema expects, in words. Keywords that are missing here describe themselves. */
const expectations: Readonly<Record<string, (params: Record<string, unknown>) => string>> = {
  required: ({ missingProperty }) => `the key "${missingProperty}"`,
  enum: ({ allowedValues }) => `one of ${(allowedValues as unknown[]).join(', ')}`,
  type: ({ type }) =>
    [type]
      .flat()
      .map((one) => typeNames[String(one)] ?? String(one))
      .join(' or '),
  pattern: ({ pattern }) => `the form ${pattern}`,
  minItems: ({ limit }) => `at least ${limit} of them`,
  minLength: ({ limit }) => `at least ${limit} characters`,
  minProperties: ({ limit }) => `at least ${limit} keys`,
  uniqueItems: () => 'each of them once',
};

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a text',
};

function tell({ keyword, params, data, message = 'is right' }: ErrorObject): string {
  const expected = expectations[keyword]?.(params) ?? `what ${message}`;
  const seen = JSON.stringify(data) ?? 'nothing';
  const got = keyword === 'required' ? 'none' : seen.length > 60 ? `${seen.slice(0, 57)}...` : seen;
  const meant =
    keyword === 'enum' && typeof data === 'string' ? didYouMean(data, params.allowedValues as string[]) : '';
  return `expected ${expected}, got ${got}${meant}`;
}
