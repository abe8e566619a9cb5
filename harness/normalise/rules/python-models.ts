import { readFileSync } from 'node:fs';
import { isObject, type JsonValue } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import { drop, type ValueRule } from '../types.ts';

/** What Python makes of a value: a model by its name, or several; `null` shows the value unchanged. */
export type ModelForm = string | null | { list: ModelForm } | { map: ModelForm } | { union: ModelForm[] };

/** A model of an object, or one that stands for another form (`root`). */
export interface PythonModel {
  root?: ModelForm;
  fields?: Record<string, ModelForm>;
  required?: string[];
  /** Fields that tell it from the other models of a union, with their values. */
  tags?: Record<string, JsonValue[]>;
  /** It keeps fields that it does not know. */
  open?: true;
  /** Fields that an engine of the window sends here and that the model lacks. */
  drops?: string[];
}

/** `fixtures/python-models/VERSION.json`. */
export interface PythonModels {
  generated: string;
  version: string;
  /** Method → the model of its params. */
  notifications: Record<string, ModelForm>;
  /** `codex.OPERATION`, or `*.OPERATION` of what the client gave → the model of what it returns. */
  results: Record<string, ModelForm>;
  /** Classes of the SDK that hold models, by their `$type`. */
  objects: Record<string, PythonModel>;
  types: Record<string, PythonModel>;
}

let committed: PythonModels | undefined;

/** The models of the official Python SDK that the goldens were recorded with. */
export function pythonModels(): PythonModels {
  committed ??= readPythonModels();
  return committed;
}

function readPythonModels(): PythonModels {
  const read = (file: string) => JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'));
  const { officialPair } = read('native/engine.lock.json') as { officialPair: string };
  return read(`fixtures/python-models/${officialPair}.json`) as PythonModels;
}

const dropped = new WeakMap<ObservationBody, ReadonlySet<string>>();

export const fieldsUnknownToPython: ValueRule = {
  name: 'field-unknown-to-python',
  loosens: true,
  reason: "Python's models lack the field and drop it; ours passes it on. On the wire it is compared",
  apply(_value, { path, line }) {
    if (line.ch !== 'result' && line.ch !== 'event') return undefined;
    const known = dropped.get(line) ?? droppedIn(line, pythonModels());
    dropped.set(line, known);
    return known.size > 0 && known.has(path.join('/')) ? drop : undefined;
  },
};

/** Where Python shows less than the wire has, as paths in the line joined by `/`. */
export function droppedIn(line: ObservationBody, models: PythonModels): ReadonlySet<string> {
  const found = new Set<string>();
  if (line.ch === 'event') collect(line.payload, models.notifications[line.method] ?? null, 'payload', models, found);
  if (line.ch === 'result') {
    const type = isObject(line.value) ? line.value.$type : undefined;
    const object = typeof type === 'string' ? models.objects[type] : undefined;
    const form = resultForm(line.op, models);
    if (object !== undefined) collectFields(line.value, object, 'value', models, found);
    else if (form === undefined) collectRaw(line.value, 'value', models, found);
    else collect(line.value, form, 'value', models, found);
  }
  return found;
}

/** Undefined for an operation that Python lacks. */
function resultForm(op: string, { results }: PythonModels): ModelForm | undefined {
  const [owner, operation, ...more] = String(op).split('.');
  if (operation === undefined || more.length > 0) return undefined;
  return results[`${owner === 'codex' ? owner : '*'}.${operation}`];
}

/**
 * An operation that Python lacks gives the engine's answer as it is, and its type is not known here. The baselines of `bare` and `ts` were recorded without
 * what Python's answers lack at the top, and without what its threads lack.
 */
function collectRaw(value: JsonValue, at: string, models: PythonModels, into: Set<string>): void {
  const answers = ['InitializeResponse', 'ThreadListResponse', 'ThreadReadResponse'];
  const drops = answers.flatMap((name) => models.types[name]?.drops ?? []);
  collectFields(value, { drops }, at, models, into);
  collectThreads(value, at, models, into);
}

function collectThreads(value: JsonValue, at: string, models: PythonModels, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'thread') collect(inner, 'Thread', `${at}/${key}`, models, into);
    else collectThreads(inner, `${at}/${key}`, models, into);
  }
}

function collect(value: JsonValue, form: ModelForm, at: string, models: PythonModels, into: Set<string>): void {
  if (form === null) return;
  if (typeof form === 'string') {
    const model = models.types[form];
    if (model?.root !== undefined) collect(value, model.root, at, models, into);
    else if (model !== undefined) collectFields(value, model, at, models, into);
  } else if ('list' in form) {
    if (Array.isArray(value))
      value.forEach((one, index) => void collect(one, form.list, `${at}/${index}`, models, into));
  } else if ('map' in form) {
    if (isObject(value))
      for (const [key, one] of Object.entries(value)) collect(one, form.map, `${at}/${key}`, models, into);
  } else {
    collect(value, chosen(value, form.union, models), at, models, into);
  }
}

function collectFields(
  value: JsonValue,
  { fields = {}, drops }: PythonModel,
  at: string,
  models: PythonModels,
  into: Set<string>,
): void {
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (drops?.includes(key)) into.add(`${at}/${key}`);
    else collect(inner, fields[key] ?? null, `${at}/${key}`, models, into);
  }
}

/** Pydantic takes the form that fits with the most fields, and of equals the first. */
function chosen(value: JsonValue, union: readonly ModelForm[], models: PythonModels): ModelForm {
  let best: ModelForm = null;
  let most = -1;
  for (const form of union) {
    const fields = fieldsSet(value, form, models);
    if (fields > most) [best, most] = [form, fields];
  }
  return best;
}

/** How many fields of a form the value sets; -1 if it does not fit. */
function fieldsSet(value: JsonValue, form: ModelForm, models: PythonModels): number {
  if (form === null) return 0;
  if (typeof form !== 'string') {
    if ('union' in form) return Math.max(-1, ...form.union.map((one) => fieldsSet(value, one, models)));
    return ('list' in form ? Array.isArray(value) : isObject(value)) ? 0 : -1;
  }
  const { root, fields = {}, required = [], tags = {} } = models.types[form] ?? {};
  if (root !== undefined) return fieldsSet(value, root, models);
  if (!isObject(value) || !required.every((name) => name in value)) return -1;
  const isTagged = Object.entries(tags).every(
    ([name, values]) => !(name in value) || values.includes(value[name] ?? null),
  );
  return isTagged ? Object.keys(value).filter((name) => name in fields).length : -1;
}
