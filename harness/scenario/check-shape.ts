import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isObject } from '../../testing/json/json.ts';
import { didYouMean } from './nearest.ts';
import type { Path, Report } from './yaml-source.ts';

interface Definition {
  properties?: Record<string, unknown>;
  required?: string[];
  oneOf?: { $ref: string }[];
}
interface Schema extends Definition {
  definitions: Record<string, Definition>;
}

const schemaFile = new URL('../../fixtures/schema/scenario.schema.json', import.meta.url);
const scriptFile = new URL('../../fixtures/schema/script.schema.json', import.meta.url);

type Union = 'step' | 'modelPart' | 'scriptStep';

/** Checks a scenario's shape by the JSON Schema that editors use too. */
export class ShapeChecker {
  readonly #whole: ValidateFunction;
  /** For each union: the key that tells a member → the member's name and check. */
  readonly #members: Record<Union, Map<string, ValidateFunction>>;

  constructor() {
    const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Schema;
    // A union's errors are those of all its members; so here members are picked by their verb first, and the union itself left open.
    const open = {
      ...schema,
      $id: 'scenario',
      definitions: { ...schema.definitions, step: { type: 'object' }, modelPart: { type: 'object' } },
    };
    const script = JSON.parse(readFileSync(scriptFile, 'utf8')) as Schema;
    const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, validateSchema: false });
    ajv.addSchema(open);
    ajv.addSchema(
      { ...script, definitions: { ...script.definitions, step: { type: 'object' } } },
      'script.schema.json',
    );
    const compiled = (ref: string): ValidateFunction => {
      const validate = ajv.getSchema(ref);
      if (validate === undefined) throw new Error(`Checking scenarios: the schema has no ${ref}`);
      return validate;
    };
    const members = ({ definitions }: Schema, id: string, union: string): Map<string, ValidateFunction> =>
      new Map(
        (definitions[union]?.oneOf ?? []).map(({ $ref }) => {
          const verb = definitions[$ref.split('/').at(-1) ?? '']?.required?.[0];
          return [verb ?? $ref, compiled(`${id}${$ref}`)] as const;
        }),
      );
    this.#whole = compiled('scenario');
    this.#members = {
      step: members(schema, 'scenario', 'step'),
      modelPart: members(schema, 'scenario', 'modelPart'),
      scriptStep: members(script, 'script.schema.json', 'step'),
    };
  }

  /** Reports whatever is wrong with the shape. `true` when nothing is: then `value` is a Scenario. */
  check(value: unknown, report: Report): boolean {
    let sound = true;
    const fail: Report = (path, message, at) => {
      sound = false;
      report(path, message, at);
    };
    reportShape(this.#whole, value, [], fail);
    const { steps, model, engine } = (value ?? {}) as { steps?: unknown; model?: unknown; engine?: unknown };
    this.#script(engine, ['engine'], fail);
    for (const [i, step] of list(steps)) this.#member('step', step, ['steps', i], fail);
    for (const [i, answer] of list(model)) {
      const parts = (answer as { parts?: unknown } | null)?.parts;
      for (const [j, part] of list(parts)) this.#member('modelPart', part, ['model', i, 'parts', j], fail);
    }
    return sound;
  }

  /** A script's steps, and those within them. */
  #script(steps: unknown, path: Path, fail: Report): void {
    for (const [i, step] of list(steps)) {
      const at = [...path, i];
      this.#member('scriptStep', step, at, fail);
      const { 'any-order': sequences, steps: inner } = (step ?? {}) as { 'any-order'?: unknown; steps?: unknown };
      for (const [j, sequence] of list(sequences)) this.#script(sequence, [...at, 'any-order', j], fail);
      this.#script(inner, [...at, 'steps'], fail);
    }
  }

  #member(union: Union, value: unknown, path: Path, fail: Report): void {
    if (!isObject(value)) return; // the whole's check has said so
    const members = this.#members[union];
    const keys = Object.keys(value);
    // A stream part may also hold, and a hold part is nothing but a hold.
    // An answer that is expected may be an error.
    const verbs = keys.filter(
      (key) =>
        members.has(key) &&
        !(key === 'hold' && keys.includes('stream')) &&
        !(key === 'error' && keys.includes('expect-reply')),
    );
    const [verb, second] = verbs;
    if (verb === undefined) {
      const [first] = keys;
      fail(
        path,
        `saw ${first === undefined ? 'nothing' : `"${first}"`}, wanted one of ${[...members.keys()].join(', ')}${didYouMean(first ?? '', members.keys())}`,
      );
    } else if (second !== undefined) {
      fail([...path, second], `saw "${second}" beside "${verb}", wanted one of the two`, 'key');
    } else {
      reportShape(members.get(verb) as ValidateFunction, value, path, fail);
    }
  }
}

function list(value: unknown): [number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : [];
}

/** Reports at its place, seen and wanted, whatever a compiled schema finds wrong with a value. */
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
      const known = Object.keys((error.parentSchema as Definition).properties ?? {});
      fail([...path, key], `saw the key "${key}", wanted one of ${known.join(', ')}${didYouMean(key, known)}`, 'key');
    } else fail(path, tell(error));
  }
}

function tell({ keyword, params, data, message }: ErrorObject): string {
  const seen = JSON.stringify(data) ?? 'nothing';
  const shown = seen.length > 60 ? `${seen.slice(0, 57)}...` : seen;
  if (keyword === 'required') return `saw no "${params.missingProperty}", wanted one`;
  if (keyword === 'enum') {
    const allowed = (params.allowedValues as unknown[]).map(String);
    return `saw ${shown}, wanted one of ${allowed.join(', ')}${typeof data === 'string' ? didYouMean(data, allowed) : ''}`;
  }
  if (keyword === 'type') return `saw ${shown}, wanted ${String(params.type).replaceAll(',', ' or ')}`;
  if (keyword === 'pattern') return `saw ${shown}, wanted the form ${params.pattern}`;
  return `saw ${shown}; it ${message ?? 'is wrong'}`;
}
