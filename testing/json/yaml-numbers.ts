import { numberOf } from './exact-number.ts';

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * For `visit` of the package `yaml`: keeps the digits of numbers that are written as in JSON, as `readJson` does.
 * `visit(document, { Scalar: keepDigits })`.
 */
export function keepDigits(_key: unknown, scalar: { value: unknown; source?: string | undefined }): void {
  const { value, source } = scalar;
  if (typeof value === 'number' && value !== 0 && source !== undefined && jsonNumber.test(source))
    scalar.value = numberOf(source);
}
