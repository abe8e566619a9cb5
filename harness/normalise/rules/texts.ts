import { createHash } from 'node:crypto';
import { escapeAllPlaceholders } from '../../../testing/golden/placeholders.ts';
import type { JsonValue } from '../../../testing/json/json.ts';
import type { LineRule, ValueRule } from '../types.ts';

/** First of all: every placeholder that stands in a line after it was put there by a rule. */
export const saidWords: LineRule = {
  name: 'said-words',
  reason: 'an agent may say `<workspace>`: it must come back as it was said, and never equal a path',
  apply(line) {
    // Nobody plays a model request, and the engine's own prompts have tags of these names (`<root>`).
    if (line.ch === 'model.request') return undefined;
    const given = line as unknown as JsonValue;
    const escaped = escapeAllPlaceholders(given);
    return escaped === given ? undefined : (escaped as unknown as typeof line);
  },
};

/** Longer than anything in a scenario that is not meant to be long. */
const longest = 65_536;

export const longText: ValueRule = {
  name: 'long-text',
  reason: 'a text of a million characters is compared by its hash, so that its golden can be read',
  apply(value) {
    if (typeof value !== 'string' || value.length <= longest) return undefined;
    const hash = createHash('sha256').update(value).digest('hex').slice(0, 16);
    return `<sha256:${hash} of ${value.length}>`;
  },
};

/** `codex-output-schema-` and some random letters, whose number differs from client to client. */
export const outputSchemaFolder: ValueRule = {
  name: 'output-schema-folder',
  loosens: true,
  reason:
    'the exec clients write the schema of a run to a new temp folder; that it is in the temp folder, its name and its content are compared',
  apply(value) {
    if (typeof value !== 'string') return undefined;
    const out = value.replace(/(\/codex-output-schema-)[A-Za-z0-9_]+\b/g, '$1<random>');
    return out === value ? undefined : out;
  },
};

/** `run-`, the process and its start, and a random id; see `sdk/files/run-folder.ts`. */
export const stagingFolder: ValueRule = {
  name: 'staging-folder',
  loosens: true,
  reason:
    'files are staged in a new folder of the run, named after its process; that it is below artifacts, and the hash that is the file name, are compared',
  apply(value) {
    if (typeof value !== 'string') return undefined;
    // A plain name, which the fake engine plays back as it stands.
    const out = value.replace(/(\/artifacts\/run)-\d+-[0-9a-f]{12}-[0-9a-z]+-[0-9a-f-]{36}\b/g, '$1');
    return out === value ? undefined : out;
  },
};
