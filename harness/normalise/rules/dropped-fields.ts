import { tagOf } from '../../contract/tagged-union.ts';
import type { Contract, JsonSchema, SchemaObject } from '../../contract/types.ts';
import type { ModelForm, PythonModel, PythonModels } from './python-models.ts';

/** What `python-golden/models.py` prints. */
export type PrintedModels = Omit<PythonModels, 'generated'>;

/**
 * Adds to each model the fields that an engine sends in its place and that it lacks. Models and contracts are walked side by side, from the notifications and
 * the results down: a field that no contract has is dropped by nobody, so that one which a client makes up still shows.
 */
export function withDroppedFields<Models extends PrintedModels>(
  models: Models,
  contracts: readonly Contract[],
): Models {
  const drops = new Map<string, Set<string>>();
  for (const { methods, schema } of contracts) {
    const walk = new Walk(models.types, schema.definitions, drops);
    for (const [method, form] of Object.entries(models.notifications))
      walk.named(form, methods.serverNotifications[method]?.params);
    for (const form of Object.values(models.results)) walk.named(form, typeof form === 'string' ? form : undefined);
    for (const { fields = {} } of Object.values(models.objects))
      for (const form of Object.values(fields)) walk.byName(form);
  }
  const types = Object.entries(models.types).map(([name, model]) => {
    const own = [...(drops.get(name) ?? [])].sort();
    return [name, own.length === 0 ? model : { ...model, drops: own }] as const;
  });
  return { ...models, types: Object.fromEntries(types) };
}

class Walk {
  readonly #types: Record<string, PythonModel>;
  readonly #definitions: Record<string, SchemaObject>;
  readonly #drops: Map<string, Set<string>>;
  readonly #walked = new Map<string, Set<JsonSchema>>();

  constructor(
    types: Record<string, PythonModel>,
    definitions: Record<string, SchemaObject>,
    drops: Map<string, Set<string>>,
  ) {
    this.#types = types;
    this.#definitions = definitions;
    this.#drops = drops;
  }

  /** A form against a type of the contract; what the contract lacks is not sent. */
  named(form: ModelForm, type: string | null | undefined): void {
    const schema = typeof type === 'string' ? this.#definitions[type] : undefined;
    if (schema !== undefined) this.#form(form, schema);
  }

  /** Models that a class of the SDK holds have the contract's names. */
  byName(form: ModelForm): void {
    if (form === null) return;
    if (typeof form === 'string') this.named(form, form);
    else if ('list' in form) this.byName(form.list);
    else if ('map' in form) this.byName(form.map);
    else for (const one of form.union) this.byName(one);
  }

  #form(form: ModelForm, schema: JsonSchema): void {
    if (form === null) return;
    if (typeof form === 'string') {
      const walked = this.#walked.get(form) ?? new Set();
      if (walked.has(schema)) return;
      this.#walked.set(form, walked.add(schema));
    }
    const shapes = this.#shapes(schema);
    if (typeof form === 'string') {
      const model = this.#types[form];
      if (model?.root !== undefined) this.#form(model.root, schema);
      else for (const shape of shapes) if (model !== undefined && fits(model, shape)) this.#model(form, model, shape);
    } else if ('list' in form) {
      for (const { items } of shapes) if (items !== undefined) this.#form(form.list, items);
    } else if ('map' in form) {
      for (const { additionalProperties } of shapes)
        if (additionalProperties !== undefined) this.#form(form.map, additionalProperties);
    } else {
      for (const one of form.union) this.#form(one, schema);
    }
  }

  #model(name: string, model: PythonModel, shape: SchemaObject): void {
    for (const [field, schema] of Object.entries(shape.properties ?? {})) {
      const form = model.fields?.[field];
      if (form !== undefined) this.#form(form, schema);
      else if (model.open !== true) this.#drops.set(name, (this.#drops.get(name) ?? new Set()).add(field));
    }
  }

  /** What a schema may be: references followed, unions taken apart, and what stands beside a union added to each of its variants. */
  #shapes(schema: JsonSchema, within: readonly JsonSchema[] = []): SchemaObject[] {
    if (typeof schema !== 'object' || within.includes(schema)) return [];
    const { $ref, oneOf = [], anyOf = [], allOf = [], ...own } = schema;
    const target = $ref === undefined ? undefined : this.#definitions[String($ref.split('/').at(-1))];
    const inner = [...(target === undefined ? [] : [target]), ...oneOf, ...anyOf, ...allOf];
    if (inner.length === 0) return [own];
    return inner.flatMap((one) => this.#shapes(one, [...within, schema])).map((shape) => merged(own, shape));
  }
}

const merged = (outer: SchemaObject, inner: SchemaObject): SchemaObject =>
  outer.properties === undefined
    ? inner
    : {
        ...inner,
        properties: { ...outer.properties, ...inner.properties },
        required: [...(outer.required ?? []), ...(inner.required ?? [])],
      };

/** Whether a model is that of a shape: its tag is the shape's, or it has no tag and shares a required field with it. */
function fits({ tags = {}, required = [], fields = {} }: PythonModel, shape: SchemaObject): boolean {
  const { properties } = shape;
  if (properties === undefined) return false;
  const tag = tagOf(shape);
  if (tag !== undefined && tags[tag.property] !== undefined) return tags[tag.property]?.includes(tag.value) === true;
  return (
    required.length === 0 || required.some((name) => properties[name] !== undefined) || Object.keys(fields).length === 0
  );
}
