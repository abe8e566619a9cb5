import { join } from 'node:path';
import { tagOf } from '../../harness/contract/tagged-union.ts';
import type { JsonSchema, SchemaObject } from '../../harness/contract/types.ts';
import { loadWindow } from '../../harness/contract/window.ts';
import { basePlatform, goldenPath, readGolden } from '../../harness/golden/golden-file.ts';
import { loadScenarios, onPin } from '../../harness/scenario/index.ts';
import { readEngineLock } from '../../native/index.ts';
import { isObject, type JsonObject } from '../../testing/json/json.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import { mergeWindow } from '../contract/merge-window.ts';
import type { MergedContract } from '../contract/merged-contract.ts';
import { eventSentences, eventsInWords, itemsInWords, typeWords } from '../contract/protocol-words.ts';
import { objectFields, spanTags } from '../contract/type-expression.ts';
import { generatedFile, root } from './generated-output.ts';

/** `docs/events.md`, from our words, the contracts of the window, and the goldens. */
export async function generateEventsPage() {
  const merged = mergeWindow(await loadWindow(), readEngineLock().pin);
  const text = renderEventsPage(merged, await readExamples());
  return generatedFile('docs/events.md', text, `${eventsInWords.length} events, ${itemsInWords.length} items`);
}

/** One event as a client sees it: of an item `item/completed`, if there is one. */
export type Examples = ReadonlyMap<string, JsonObject>;

/** What goldens show of each event and each kind of item: rather of the real engine, rather with more in it, rather short. */
async function readExamples(): Promise<Examples> {
  const best = new Map<string, { example: JsonObject; score: readonly number[] }>();
  const offer = (name: string, example: JsonObject, of: JsonObject, real: boolean, telling: boolean) => {
    const filled = Object.values(of).filter((value) => value !== null && value !== '').length;
    const score = [Number(real), Number(telling), filled, -writeJson(example).length];
    const held = best.get(name);
    if (held === undefined || isMore(score, held.score)) best.set(name, { example, score });
  };
  for (const scenario of onPin(await loadScenarios(undefined, { family: 'app-server' }))) {
    const golden = await readGolden(goldenPath(join(root, 'fixtures/golden'), scenario.id, basePlatform));
    for (const { ch, body } of golden?.lines ?? []) {
      const { method, payload } = seenIn(ch, body);
      if (typeof method !== 'string' || !isObject(payload)) continue;
      const example = { method, payload };
      const real = scenario.script === undefined;
      const { item } = payload;
      // Of what holds an item, an answer tells most.
      offer(method, example, payload, real, !isObject(item) || item['type'] === 'agentMessage');
      if (isObject(item) && /^item\/(?:started|completed)$/.test(method))
        offer(`item:${item['type']}`, example, item, real, method === 'item/completed');
    }
  }
  return new Map([...best].map(([name, { example }]) => [name, example]));
}

/** An event that the client gave its user, or one that the engine sent and no user of the scenario asked for. */
function seenIn(ch: string, body: JsonObject): JsonObject {
  if (ch === 'event') return body;
  const { msg } = body;
  return ch === 'wire.in' && isObject(msg) && msg['id'] === undefined
    ? { method: msg['method'] ?? null, payload: msg['params'] ?? null }
    : {};
}

function isMore(score: readonly number[], than: readonly number[]): boolean {
  const at = score.findIndex((one, i) => one !== than[i]);
  return at !== -1 && (score[at] as number) > (than[at] as number);
}

export function renderEventsPage({ schema, methods }: MergedContract, examples: Examples): string {
  const { definitions } = schema;
  const { oneOf: variants = [], ...shared } = definitions['ThreadItem'] ?? {};
  const variantOf = (type: string): SchemaObject =>
    (variants.find((variant) => `${capital(tagOf(variant)?.value ?? '')}ThreadItem` === type) ?? {}) as SchemaObject;
  const paramsOf = (method: string) => methods.serverNotifications[method]?.params ?? '';
  const kindOf = (type: string) => tagOf(variantOf(type))?.value ?? '';
  const common = ['id', 'type', ...Object.keys(shared.properties ?? {})];
  // This one has nothing of its own.
  const bare = variantOf('ContextCompactionThreadItem');
  const anyItem = { ...bare, properties: { ...bare.properties, type: { type: 'string' }, ...shared.properties } };
  const inEvents = new Set<string>([...eventsInWords.map(paramsOf), ...itemsInWords]);
  const held = Object.keys(typeWords).filter((type) => !inEvents.has(type));
  const example = (name: string) => {
    const found = examples.get(name);
    return found === undefined ? ['No golden shows it.', ''] : ['```json', writeJson(found), '```', ''];
  };
  const others = Object.entries(eventSentences).map(([method, sentence]) => {
    const fields = objectFields(definitions[paramsOf(method)] ?? {}).map(({ text }) => code(text));
    return `| \`${method}\` | ${cell(sentence)} | ${fields.join('<br>')} |`;
  });
  return [
    '<!-- Generated by npm run generate from scripts/contract/protocol-words.ts, fixtures/contract and fixtures/golden. Do not edit. -->',
    '',
    '# Events and items',
    '',
    '`turn.stream()` yields what happens in a turn, event by event ([using the SDK](using.md)). Each event has a `method`, which names it, and a `payload`. Compare `method`, and TypeScript knows the payload:',
    '',
    '```ts',
    "import { Codex } from 'twinproof';",
    '',
    'await using codex = new Codex();',
    'const thread = await codex.threadStart();',
    "const turn = await thread.turn('Describe this project.');",
    'for await (const event of turn.stream()) {',
    "  if (event.method === 'item/completed' && event.payload.item.type === 'commandExecution')",
    '    console.log(event.payload.item.command, event.payload.item.exitCode);',
    '}',
    '```',
    '',
    'A turn consists of *items*: messages, commands, changes of files, calls of tools. Most turns go like this:',
    '',
    '```text',
    'turn/started',
    '  item/started, item/completed                            what you said',
    '  item/started, item/agentMessage/delta…, item/completed  the answer',
    '  thread/tokenUsage/updated',
    'turn/completed',
    '```',
    '',
    'Here are the twenty events and all items that you are likely to meet, then [what they hold](#what-they-hold), then [the other events](#other-events) of the engine. Your editor shows the same words at each field. A name in `Ms` counts milliseconds; other times are seconds. A later engine may send events, items and values that are not on this page: keep a `default` branch.',
    '',
    'The examples are from [goldens](golden-format.md), recordings of what engine and SDK did. `<thread:1>`, `<millis>` and the like stand there for what differs in each run.',
    '',
    '## Events',
    '',
    '| event | says |',
    '|---|---|',
    ...eventsInWords.map(
      (method) =>
        `| [\`${method}\`](#${anchor(method)}) | ${cell(firstSentence(typeWords[paramsOf(method)]?.is ?? ''))} |`,
    ),
    '',
    ...eventsInWords.flatMap((method) => [
      `### ${method}`,
      '',
      ...section(paramsOf(method), definitions[paramsOf(method)] ?? {}),
      ...example(method),
    ]),
    '## Items',
    '',
    '`item.type` tells them apart. Each has these fields:',
    '',
    ...fieldTable(typeWords['ContextCompactionThreadItem']?.fields ?? {}, anyItem),
    ...itemsInWords.flatMap((type) => [
      `### ${kindOf(type)}`,
      '',
      ...section(type, without(variantOf(type), common)),
      ...example(`item:${kindOf(type)}`),
    ]),
    '## What they hold',
    '',
    ...held.flatMap((type) => [`### ${type}`, '', ...section(type, definitions[type] ?? {})]),
    '## Other events',
    '',
    'These come to `codex.notifications()`, if they belong to no turn, or to the turn that they name. Their types have the structure that the contract says.',
    '',
    '| event | says | payload |',
    '|---|---|---|',
    ...others,
    '',
  ].join('\n');
}

/** What a type is, and its fields. */
function section(type: string, schema: SchemaObject): string[] {
  const { is = '', fields = {} } = typeWords[type] ?? {};
  return [is, '', ...fieldTable(fields, schema)];
}

function fieldTable(words: Readonly<Record<string, string>>, schema: SchemaObject): string[] {
  const alternatives = schema.properties === undefined ? [] : (schema.oneOf ?? []);
  const all = [schema, ...alternatives.filter((one) => typeof one === 'object')];
  const rows = all.flatMap((one) => {
    const { oneOf: _oneOf, ...plain } = one;
    return objectFields(plain).map(({ name, text }) => {
      const since = spanTags(plain.properties?.[name] ?? true).map((tag) => ` ${capital(tag.slice(1))}.`);
      return `| ${code(text)} | ${cell(words[name] ?? '')}${since.join('')} |`;
    });
  });
  return rows.length === 0 ? [] : ['| field | is |', '|---|---|', ...rows, ''];
}

function without(schema: SchemaObject, names: readonly string[]): SchemaObject {
  const properties: Record<string, JsonSchema> = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name)),
  );
  // A type without fields of its own would be said to be open.
  return Object.keys(properties).length === 0 ? { additionalProperties: false } : { ...schema, properties };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const firstSentence = (text: string): string => /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;
/** As GitHub makes them of headings. */
const anchor = (heading: string): string => heading.toLowerCase().replace(/[^\w-]/g, '');
const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => `\`${cell(text)}\``;
