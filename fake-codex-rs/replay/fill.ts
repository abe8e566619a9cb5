import { isObject, type JsonValue } from '../exact-json.ts';
import type { Bindings } from './bindings.ts';
import { anyPlaceholder, isEscape, numberPlaceholders } from './placeholders.ts';

/** What placeholders other than ids are filled with. The client's name and its process id are learnt during the run. */
export interface Facts {
  paths: Readonly<Record<string, string>>;
  engineVersion: string;
  /**
   * For dates and times in texts, in milliseconds since 1970. One for the whole run, because a path occurs more than
   * once.
   */
  moment: number;
  /** Port of the cell's server, if there is one. */
  port: string;
  clientName: string;
  clientTitle: string;
  clientVersion: string;
  /** A process id that the client chose (`command/exec`); the engine refers to it afterwards. */
  processId: string;
}

/** Replaces the placeholders in a golden's value with values. */
export class Filler {
  readonly #bindings: Bindings;
  readonly #facts: Facts;
  #cursors = 0;
  #now = 0;

  constructor(bindings: Bindings, facts: Facts) {
    this.#bindings = bindings;
    this.#facts = facts;
  }

  /** All moments of one message are the same, and none is before one of an earlier message: nothing ends before it starts. */
  fill(value: JsonValue): JsonValue {
    this.#now = Math.max(this.#now, Date.now());
    return this.#fill(value);
  }

  #fill(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.#fillText(value);
    if (Array.isArray(value)) return value.map((inner) => this.#fill(inner));
    if (!isObject(value)) return value;
    // Not by assignment: a member may be called __proto__.
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [this.#replace(key), this.#fill(inner)]));
  }

  #fillText(text: string): JsonValue {
    if (!text.includes('<')) return text;
    if (numberPlaceholders.has(text)) return this.#number(text);
    if (text.startsWith('<request:') && this.#bindings.requests.has(text)) {
      return this.#bindings.requests.get(text) as JsonValue;
    }
    if (/^<server-request:[^<>]+>$/.test(text)) return this.#bindings.serverRequest(text);
    return this.#replace(text);
  }

  #number(placeholder: string): number {
    if (placeholder === '<duration>') return 7;
    if (placeholder === '<gauge>') return 4096;
    return placeholder === '<millis>' ? this.#now : Math.floor(this.#now / 1000);
  }

  #replace(text: string): string {
    return text.includes('<')
      ? text.replace(anyPlaceholder, (found) => (isEscape(found) ? '<' : this.#text(found)))
      : text;
  }

  #text(placeholder: string): string {
    const kind = /^<([^:>]+):/.exec(placeholder)?.[1];
    if (kind === 'request') return String(this.#bindings.requests.get(placeholder) ?? placeholder);
    if (kind === 'server-request') return String(this.#bindings.serverRequest(placeholder));
    if (kind !== undefined) return this.#bindings.value(placeholder);
    const facts = this.#facts;
    const moment = new Date(facts.moment).toISOString();
    switch (placeholder) {
      case '/<y>/<m>/<d>/':
        return `/${moment.slice(0, 10).replaceAll('-', '/')}/`;
      case '<date>':
        return moment.slice(0, 10);
      case '<moment>':
        return moment;
      case '<rollout-moment>':
        return moment.slice(0, 19).replaceAll(':', '-');
      case '<seconds>':
      case '<millis>':
      case '<gauge>':
        // Inside a longer text no rule has put them there: somebody wrote them.
        return placeholder;
      case '<duration>':
        return '0.007';
      case '<process>':
        return facts.processId;
      case '<port>':
        return facts.port;
      case '<cursor>':
        this.#cursors += 1;
        return `cursor-${this.#cursors}`;
      case '<config-version>':
        return `sha256:${'0'.repeat(64)}`;
      case '<chunk>':
        return 'fa4e00';
      case '<host>':
        return 'fake-host';
      case '<os>':
        return 'Fake OS 1.0; fake';
      case '<term>':
        return 'dumb';
      case '<client.name>':
        return facts.clientName;
      case '<client.title>':
        return facts.clientTitle;
      case '<client.version>':
        return facts.clientVersion;
      case '<engine.version>':
        return facts.engineVersion;
      default:
        return facts.paths[placeholder.slice(1, -1)] ?? placeholder;
    }
  }
}
