import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { isObject } from '../../testing/json/json.ts';
import { didYouMean } from '../../testing/nearest.ts';
import { reportShape } from '../data/report-shape.ts';
import type { Path, Report } from '../data/yaml-source.ts';
import { listsWithin } from './script-latches.ts';

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
  /** Compiled on first use: one scenario has few of the members. */
  validate(): ValidateFunction;
  /** All the keys it may have. */
  keys: string[];
}

type Union = 'step' | 'modelPart' | 'scriptStep';

/** Checks a scenario's shape against the JSON Schema that editors also use. */
export class ShapeChecker {
  readonly #whole: ValidateFunction;
  /** For each union: the key that identifies a member → the member's name and check. */
  readonly #members: Record<Union, Map<string, Member>>;

  constructor() {
    const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Schema;
    // ajv reports a union's errors for all its members, so members are picked by their verb first, and the union itself
    // is left open.
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
          return [
            required[0] ?? $ref,
            { validate: () => compiled(`${id}${$ref}`), keys: Object.keys(properties) },
          ] as const;
        }),
      );
    this.#whole = compiled('scenario');
    this.#members = {
      step: members(step, 'scenario-step.schema.json', 'step'),
      modelPart: members(schema, 'scenario', 'modelPart'),
      scriptStep: members(script, 'script.schema.json', 'step'),
    };
  }

  /** Reports everything that is wrong with the shape. Returns `true` if nothing is: then `value` is a Scenario. */
  check(value: unknown, report: Report): boolean {
    let sound = true;
    const fail: Report = (path, message, at) => {
      sound = false;
      report(path, message, at);
    };
    reportShape(this.#whole, value, [], fail);
    const { steps, model, script } = (value ?? {}) as { steps?: unknown; model?: unknown; script?: unknown };
    this.#script(script, ['script'], fail);
    for (const [i, step] of list(steps)) this.#member('step', step, ['steps', i], fail);
    for (const [i, answer] of list(model)) {
      const parts = (answer as { parts?: unknown } | null)?.parts;
      for (const [j, part] of list(parts)) this.#member('modelPart', part, ['model', i, 'parts', j], fail);
    }
    return sound;
  }

  /** Checks a script's steps, including nested ones. */
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
    // The verb is the key that allows the others: a stream part may also hold, and an expected answer may be an error.
    const allows = (verb: string) => verbs.every((other) => members.get(verb)?.keys.includes(other));
    const verb = verbs.find(allows) ?? verbs[0];
    const second = verb === undefined || allows(verb) ? undefined : verbs[1];
    if (verb === undefined) {
      const [first] = keys;
      fail(
        path,
        `expected one of ${[...members.keys()].join(', ')}, got ${first === undefined ? 'nothing' : `"${first}"`}${didYouMean(first ?? '', members.keys())}`,
      );
    } else if (second !== undefined) {
      fail([...path, second], `expected one of "${verb}" and "${second}", got both`, 'key');
    } else {
      reportShape((members.get(verb) as Member).validate(), value, path, fail);
    }
  }
}

function list(value: unknown): [number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : [];
}
