import { expectedGot } from '../../native/expected-got.mjs';
import { isObject } from '../rpc/is-object.ts';
import type { JsonObject } from './schema-node.ts';

/** What OpenAI documents for strict structured outputs. */
const most = {
  properties: 5_000,
  levels: 10,
  enumValues: 1_000,
  characters: 120_000,
  /** In an enum of texts with more values than this, all texts together may have so many characters. */
  largeEnum: { values: 250, characters: 15_000 },
} as const;

/** @throws TypeError if the strict schema is larger than the model's service takes */
export function checkLimits(strict: JsonObject): void {
  const total = { properties: 0, enumValues: 0, characters: 0 };
  const count = (what: keyof typeof total, by: number, words: string) => {
    total[what] += by;
    if (total[what] > most[what]) throw tooLarge(`at most ${most[what]} ${words}`, `${total[what]} or more`);
  };
  const visit = (node: unknown, outside: number): void => {
    if (!isObject(node)) return;
    if (Array.isArray(node.enum)) {
      const characters = node.enum.reduce<number>((sum, one) => sum + (typeof one === 'string' ? one.length : 0), 0);
      const { values, characters: limit } = most.largeEnum;
      if (node.enum.length > values && characters > limit) {
        throw tooLarge(`at most ${limit} characters in an enum of more than ${values} values`, `${characters}`);
      }
      count('enumValues', node.enum.length, 'values in all enums');
      count('characters', characters, 'characters in names and values');
    }
    if (typeof node.const === 'string') count('characters', node.const.length, 'characters in names and values');
    const levels = isObject(node.properties) ? outside + 1 : outside;
    if (levels > most.levels) throw tooLarge(`at most ${most.levels} objects inside each other`, 'more');
    for (const [name, property] of Object.entries(isObject(node.properties) ? node.properties : {})) {
      count('properties', 1, 'properties in all objects');
      count('characters', name.length, 'characters in names and values');
      visit(property, levels);
    }
    visit(node.items, levels);
    if (Array.isArray(node.anyOf)) for (const part of node.anyOf) visit(part, levels);
  };
  visit(strict, 0);
  for (const [name, definition] of Object.entries(isObject(strict.$defs) ? strict.$defs : {})) {
    count('characters', name.length, 'characters in names and values');
    visit(definition, 0);
  }
}

const tooLarge = (expected: string, got: string) =>
  new TypeError(expectedGot('making the output schema strict', expected, got, 'Split the question into several turns'));
