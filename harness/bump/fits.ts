import type { NormalContract, Shape } from './normal-contract.ts';

/** Whole numbers by what they hold: `integer` without a format holds all. */
const ranges: Record<string, readonly [low: number, high: number]> = {
  uint8: [0, 8],
  uint16: [0, 16],
  uint32: [0, 32],
  uint64: [0, 64],
  uint: [0, 64],
  int32: [31, 31],
  int64: [63, 63],
};

/**
 * Whether every value of the one shape is a value of the other, each read with the types of its own contract. When in doubt it says no.
 */
export function fits(
  one: Shape,
  types: NormalContract['types'],
  other: Shape,
  otherTypes: NormalContract['types'],
): boolean {
  const assumed = new Set<string>();
  const every = (a: Shape, b: Shape): boolean => {
    if (a.ref !== undefined || b.ref !== undefined) {
      // A type that holds itself.
      const pair = `${a.ref} ${b.ref}`;
      if (a.ref !== undefined && b.ref !== undefined) {
        if (assumed.has(pair)) return true;
        assumed.add(pair);
      }
      return every(followed(a, types), followed(b, otherTypes));
    }
    if (b.any || a.never) return true;
    if (a.any || b.never) return false;
    if (a.null && !b.null) return false;
    return Object.keys(a).every((key) => key === 'null' || key === 'default') || valuesFit(a, b);
  };
  const valuesFit = (a: Shape, b: Shape): boolean => {
    if (a.variants !== undefined && a.form !== 'allOf')
      return (
        Object.values(a.variants).every((variant) => every(variant, b)) && (a.fields === undefined || fieldsFit(a, b))
      );
    if (b.variants !== undefined && b.form !== 'allOf')
      return Object.values(b.variants).some((variant) => every(a, variant));
    return kindsFit(a, b) && limitsFit(a, b) && fieldsFit(a, b) && partsFit(a, b);
  };
  // What a shape does not list it does not have.
  const fieldsFit = (a: Shape, b: Shape): boolean =>
    Object.entries(b.fields ?? {}).every(([name, field]) => {
      const own = a.fields?.[name];
      return own === undefined ? !field.required : (own.required || !field.required) && every(own.shape, field.shape);
    }) &&
    (b.rest?.never !== true || Object.keys(a.fields ?? {}).every((name) => b.fields?.[name] !== undefined));
  const partsFit = (a: Shape, b: Shape): boolean =>
    (b.items === undefined || every(a.items ?? { any: true }, b.items)) &&
    (b.rest === undefined || every(a.rest ?? { any: true }, b.rest));
  return every(one, other);
}

function followed(shape: Shape, types: NormalContract['types']): Shape {
  const { ref, ...own } = shape;
  if (ref === undefined) return shape;
  const named = types[ref]?.shape ?? {};
  return { ...(named.ref === undefined ? named : followed(named, types)), ...own };
}

function kindsFit(a: Shape, b: Shape): boolean {
  if (b.kinds === undefined) return true;
  const allowed = b.kinds;
  const kinds = Object.keys(a.kinds ?? {});
  if (kinds.length === 0 || !kinds.every((kind) => allowed[kind] || (kind === 'integer' && allowed.number)))
    return false;
  if (b.values === undefined) return true;
  return a.values !== undefined && Object.keys(a.values).every((value) => b.values?.[value]);
}

/** Formats, the smallest number and the shortest text. */
export function limitsFit(a: Shape, b: Shape): boolean {
  if ((b.minLength ?? 0) > (a.minLength ?? 0)) return false;
  if (b.minimum !== undefined && (a.minimum === undefined || a.minimum < b.minimum)) return false;
  if (b.format === undefined || a.format === b.format) return true;
  const [from, to] = [ranges[a.format ?? ''], ranges[b.format]];
  if (from === undefined || to === undefined) return false;
  const aboveZero = a.minimum !== undefined && a.minimum >= 0;
  return (aboveZero || from[0] <= to[0]) && from[1] <= to[1];
}
