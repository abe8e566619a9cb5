import { isObject, type JsonValue } from '../../testing/json/json.ts';
import { didYouMean } from '../../testing/nearest.ts';
import type { Path, Report } from '../data/yaml-source.ts';
import type { WrittenScenario } from './types.ts';

/** The forms, what each contains, and whether other keys are allowed. */
const forms: Record<string, { pattern: RegExp; expected: string; fields?: true }> = {
  $enum: { pattern: /^[A-Z]\w*\.\w+$/, expected: 'Class.member' },
  $new: { pattern: /^[A-Z]\w*$/, expected: 'a class name', fields: true },
  $ref: { pattern: /^[A-Za-z_]\w*(\.\w+)*$/, expected: 'a name, or name.attribute' },
  $path: { pattern: /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\]+$/, expected: "a relative path inside the workspace, with '/'" },
  $repeat: { pattern: /./s, expected: 'a text, with times beside it', fields: true },
};

/** Checks the typed forms in the steps' arguments, at any depth. */
export function checkValues({ steps }: WrittenScenario, report: Report): void {
  for (const [i, step] of steps.entries()) {
    if ('with' in step && step.with !== undefined) checkForms(step.with, ['steps', i, 'with'], report);
    if ('check' in step && !forms.$path?.pattern.test(step.check.file)) {
      report(['steps', i, 'check', 'file'], `expected ${forms.$path?.expected}, got "${step.check.file}"`);
    }
  }
}

/** Checks the typed forms in a value. `allowed` names the forms that may occur; default: all. */
export function checkForms(
  value: JsonValue,
  path: Path,
  report: Report,
  allowed: readonly string[] = Object.keys(forms),
): void {
  if (Array.isArray(value)) for (const [i, entry] of value.entries()) checkForms(entry, [...path, i], report, allowed);
  if (!isObject(value)) return;
  const keys = Object.keys(value);
  for (const key of keys.filter((name) => name.startsWith('$'))) {
    const form = allowed.includes(key) ? forms[key] : undefined;
    const content = value[key];
    if (form === undefined) {
      report([...path, key], `expected one of ${allowed.join(', ')}, got "${key}"${didYouMean(key, allowed)}`, 'key');
    } else if (typeof content !== 'string' || !form.pattern.test(content)) {
      report([...path, key], `expected ${form.expected}, got ${JSON.stringify(content)}`);
    } else if (form.fields === undefined && keys.length > 1) {
      report(
        [...path, key],
        `expected "${key}" alone, got it beside ${keys.filter((name) => name !== key).join(', ')}`,
        'key',
      );
    }
  }
  for (const key of keys) checkForms(value[key] ?? null, [...path, key], report, allowed);
}

/** The bound names that `$ref` forms in the value refer to, each with its place in the value. */
export function referencedNames(value: JsonValue, path: Path = []): { name: string; path: Path }[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, JsonValue][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, entry]) =>
    key === '$ref' && typeof entry === 'string'
      ? [{ name: entry.split('.')[0] ?? entry, path: [...path, key] }]
      : referencedNames(entry, [...path, key]),
  );
}
