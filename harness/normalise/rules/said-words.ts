import { escapeAllPlaceholders } from '../../../testing/golden/placeholders.ts';
import type { JsonValue } from '../../../testing/json/json.ts';
import type { LineRule } from '../types.ts';

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
