import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml';
import { keepDigits } from '../../testing/json/read-json.ts';
import type { DataProblem } from './data-error.ts';

/** Keys and indexes from the root of the document to a value. */
export type Path = readonly (string | number)[];

/** Reports a problem at a path: at the value, or `at` the key that names it. */
export type Report = (path: Path, message: string, at?: 'key') => void;

/** A YAML text that knows the places of its values. */
export class YamlSource {
  readonly #document: Document.Parsed<ParsedNode>;
  readonly #lines = new LineCounter();
  readonly #file: string;
  /** What is wrong with the text as YAML. */
  readonly syntaxProblems: DataProblem[];

  /** `file` is only named in problems. */
  constructor(file: string, text: string) {
    this.#file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    visit(this.#document, { Scalar: keepDigits });
    this.syntaxProblems = [...this.#document.errors, ...this.#document.warnings].map(({ pos, message }) =>
      this.#problem(pos[0], message),
    );
  }

  /** Gives a top-level key its new name, unless that is there too. Its place stays. */
  rename(from: string, to: string): void {
    const { contents } = this.#document;
    if (!isMap(contents) || contents.has(to)) return;
    const pair = contents.items.find(({ key }) => isScalar(key) && key.value === from);
    if (isScalar(pair?.key)) pair.key.value = to;
  }

  get value(): unknown {
    return this.#document.toJS();
  }

  /** The problem with its place; for something that is missing, the place of what should contain it. */
  problem(path: Path, message: string, at?: 'key'): DataProblem {
    return this.#problem(this.#offset(path, at), message);
  }

  /** 1-based line of the value. */
  line(path: Path): number {
    return this.#lines.linePos(this.#offset(path)).line;
  }

  #problem(offset: number, message: string): DataProblem {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line, column: col, message };
  }

  #offset(path: Path, at?: 'key'): number {
    let node: unknown = this.#document.contents;
    let offset = start(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      const pair = isMap(node)
        ? node.items.find(({ key }) => isNode(key) && key.toJS(this.#document) === step)
        : undefined;
      node = isPair(pair) ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
      const wanted = at === 'key' && depth === path.length - 1 ? start(pair?.key) : (start(node) ?? start(pair?.key));
      if (wanted === undefined) break;
      offset = wanted;
    }
    return offset;
  }
}

function start(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
