import { readFile } from 'node:fs/promises';
import { expectedGot } from '../../native/expected-got.mjs';
import { DataError, type DataProblem } from './data-error.ts';
import { reportShape } from './report-shape.ts';
import { type SchemaName, validatorOf } from './schemas.ts';
import { type Path, type Report, YamlSource } from './yaml-source.ts';

/** A YAML text that matches its schema. */
export interface YamlData<T> {
  value: T;
  /** A problem that is found later, with its place. */
  problem(path: Path, message: string): DataProblem;
  /** 1-based line of the value. */
  line(path: Path): number;
}

/**
 * Reads a YAML text with its schema, `fixtures/schema/SCHEMA.schema.json`. All lists in `fixtures` are read this way.
 * @param file only named in problems
 * @param check reports what the schema cannot express; called if the value matches the schema
 * @throws DataError with the place of everything that is wrong
 */
export function parseYaml<T>(
  text: string,
  file: string,
  schema: SchemaName,
  check: (value: T, report: Report) => void = () => undefined,
): YamlData<T> {
  const source = new YamlSource(file, text);
  if (source.syntaxProblems.length > 0) throw new DataError(source.syntaxProblems);
  const problems: DataProblem[] = [];
  const report: Report = (path, message, at) => void problems.push(source.problem(path, message, at));
  const { value } = source;
  reportShape(validatorOf(schema), value, [], report);
  if (problems.length === 0) check(value as T, report);
  if (problems.length > 0) throw new DataError(problems);
  return {
    value: value as T,
    problem: (path, message) => source.problem(path, message),
    line: (path) => source.line(path),
  };
}

/** Reads the text of a file for `parseYaml`. @throws Error with the file's name if it cannot be read */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(expectedGot(`reading ${file}`, 'a YAML file', (cause as Error).message), { cause });
  }
}

/** Reports every entry of a list whose `key` occurred in an earlier one. */
export function reportTwice<K extends string>(key: K) {
  return (entries: readonly Record<K, string>[], report: Report): void => {
    const seen = new Set<string>();
    for (const [index, entry] of entries.entries()) {
      if (seen.has(entry[key])) report([index, key], `expected each ${key} once, got ${entry[key]} again`);
      seen.add(entry[key]);
    }
  };
}
