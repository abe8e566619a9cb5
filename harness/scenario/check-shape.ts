import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isObject } from '../../testing/json/json.ts';
import { didYouMean } from './nearest.ts';
import { listsWithin } from './script-latches.ts';
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
const stepFile = new URL('../../fixtures/schema/scenario-step.schema.json', import.meta.url);
const scriptFile = new URL('../../fixtures/schema/script.schema.json', import.meta.url);

interface Member {
  validate: ValidateFunction;
  /** All that it may have. */
  keys: string[];
}

type Union = 'step' | 'modelPart' | 'scriptStep';

/** Checks a scenario's shape by the JSON Schema that editors use too. */
export class ShapeChecker {
  readonly #whole: ValidateFunction;
  /** For each union: the key that tells a member → the member's name and check. */
  readonly #members: Record<Union, Map<string, Member>>;

  constructor() {
    const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Schema;
    // A union's errors are those of all its members; so here members are picked by their verb first, and the union itself left open.
    const open = {
      ...schema,
      $id: 'scenario',
      definitions: { ...schema.definitions, modelPart: { type: 'object' } },
    };
    const step = JSON.parse(readFileSync(stepFile, 'utf8')) as Schema;
    const script = JSON.parse(readFileSync(scriptFile, 'utf8')) as Schema;
    const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, validateSchema: false });
    ajv.addSchema(open);
    for (const [id, { definitions, ...rest }] of [
      ['scenario-step.schema.json', step],
      ['script.schema.json', script],
    ] as const)
      ajv.addSchema({ ...rest, definitions: { ...definitions, step: { type: 'object' } } }, id);
    const compiled = (ref: string): ValidateFunction => {
      const validate = ajv.getSchema(ref);
      if (validate === undefined) throw new Error(`Checking scenarios: the schema has no ${ref}`);
      return validate;
    };
    const members = ({ definitions }: Schema, id: string, union: string): Map<string, Member> =>
      new Map(
        (definitions[union]?.oneOf ?? []).map(({ $ref }) => {
          const { required = [], properties = {} } = definitions[$ref.split('/').at(-1) ?? ''] ?? {};
          return [required[0] ?? $ref, { validate: compiled(`${id}${$ref}`), keys: Object.keys(properties) }] as const;
        }),
      );
    this.#whole = compiled('scenario');
    this.#members = {
      step: members(step, 'scenario-step.schema.json', 'step'),
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
      for (const inner of isObject(step) ? listsWithin(step) : [])
        this.#script(inner.steps, [...at, ...inner.path], fail);
    }
  }

  #member(union: Union, value: unknown, path: Path, fail: Report): void {
    if (!isObject(value)) return; // the whole's check has said so
    const members = this.#members[union];
    const keys = Object.keys(value);
    const verbs = keys.filter((key) => members.has(key));
    // The verb is the one that allows the others: a stream part may also hold, and an answer that is expected may be an error.
    const allows = (verb: string) => verbs.every((other) => members.get(verb)?.keys.includes(other));
    const verb = verbs.find(allows) ?? verbs[0];
    const second = verb === undefined || allows(verb) ? undefined : verbs[1];
    if (verb === undefined) {
      const [first] = keys;
      fail(
        path,
        `saw ${first === undefined ? 'nothing' : `"${first}"`}, wanted one of ${[...members.keys()].join(', ')}${didYouMean(first ?? '', members.keys())}`,
      );
    } else if (second !== undefined) {
      fail([...path, second], `saw "${second}" beside "${verb}", wanted one of the two`, 'key');
    } else {
      reportShape((members.get(verb) as Member).validate, value, path, fail);
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
