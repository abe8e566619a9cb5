import type { Field, Message, Shape } from './normal-contract.ts';

/** The shape as a line in TypeScript's manner: `string | null`, `{ id: string; at?: integer(int64) }`, `"read" | "unread"`. */
export function describeShape(shape: Shape): string {
  const { ref, kinds = {}, values, form, tag, variants, fields, items, rest, any, never, default: fallback } = shape;
  const parts: string[] = [];
  if (any) parts.push('anything');
  if (never) parts.push('nothing');
  if (ref !== undefined) parts.push(ref);
  if (values !== undefined) parts.push(...Object.keys(values).sort());
  else
    parts.push(
      ...Object.keys(kinds)
        .filter((kind) => !isPart(kind, shape))
        .sort()
        .map((kind) => `${kind}${limitsOf(shape)}`),
    );
  if (items !== undefined)
    parts.push(`${/[ |]/.test(describeShape(items)) ? `(${describeShape(items)})` : describeShape(items)}[]`);
  if (fields !== undefined || rest !== undefined) parts.push(describeFields(fields, rest));
  if (variants !== undefined) {
    const by = [form === 'oneOf' ? '' : form, tag === undefined ? '' : `by ${tag}`].filter(Boolean).join(' ');
    const list = Object.keys(variants)
      .sort()
      .map((name) => `${name}: ${describeShape(variants[name] as Shape)}`);
    parts.push(`one of${by === '' ? '' : ` (${by})`} <${list.join(' | ')}>`);
  }
  if (shape.null) parts.push('null');
  return `${parts.join(' | ') || 'anything'}${fallback === undefined ? '' : ` = ${fallback}`}`;
}

/** Told by what is in it. */
function isPart(kind: string, { items, fields, rest }: Shape): boolean {
  return (
    (kind === 'array' && items !== undefined) || (kind === 'object' && (fields !== undefined || rest !== undefined))
  );
}

function limitsOf({ format, minimum, minLength }: Shape): string {
  const limits = [
    ...(format === undefined ? [] : [format]),
    ...(minimum === undefined ? [] : [`≥ ${minimum}`]),
    ...(minLength === undefined ? [] : [`length ≥ ${minLength}`]),
  ];
  return limits.length === 0 ? '' : `(${limits.join(', ')})`;
}

function describeFields(fields: Shape['fields'] = {}, rest?: Shape): string {
  const list = Object.keys(fields)
    .sort()
    .map((name) => `${name}${describeField(fields[name] as Field)}`);
  if (rest !== undefined) list.push(rest.never ? 'nothing else' : `[other]: ${describeShape(rest)}`);
  return list.length === 0 ? '{}' : `{ ${list.join('; ')} }`;
}

/** What follows the field's name: `?: string | null`. */
export const describeField = ({ required, stable, shape }: Field): string =>
  `${required ? '' : '?'}: ${describeShape(shape)}${stable ? '' : ' (experimental)'}`;

/** `(TurnStartParams) → TurnStartResponse, stable`. */
export function describeMessage({ params = '', paramsRequired, result, stability }: Message): string {
  const given = `(${params}${params !== '' && !paramsRequired ? '?' : ''})`;
  return `${given}${result === undefined ? '' : ` → ${result}`}, ${stability}`;
}
