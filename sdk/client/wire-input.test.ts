import { expect, test } from 'vitest';
import type { UserInput } from '../protocol/index.ts';
import { ExternalMessage, ImageInput, LocalImageInput, MentionInput, SkillInput, TextInput } from './inputs.ts';
import { wireInput, wireTurnInput } from './wire-input.ts';

test('text, an item, or a list in its order', () => {
  const hi = { type: 'text', text: 'hi' };
  expect(wireInput('hi')).toEqual([hi]);
  expect(wireInput(new TextInput('hi'))).toEqual([hi]);
  expect(wireInput([])).toEqual([]);
  const mixed = [
    new ImageInput('data:u'),
    new TextInput('hi'),
    new LocalImageInput('/p'),
    new SkillInput('n', '/s'),
    new MentionInput('m', '/m'),
  ];
  expect(wireInput(mixed)).toEqual([
    { type: 'image', url: 'data:u' },
    hi,
    { type: 'localImage', path: '/p' },
    { type: 'skill', name: 'n', path: '/s' },
    { type: 'mention', name: 'm', path: '/m' },
  ]);
});

test.each([
  [{ text: 'x' }, 'Object'],
  [{ type: 'local_image', path: '/p' }, 'Object of the type "local_image"'],
  [{ type: 'constructor' }, 'Object of the type "constructor"'],
  [5, 'number'],
  [null, 'null'],
  [undefined, 'undefined'],
  [['text in a list'], 'string'],
  [[new ExternalMessage('t', 'c')], 'ExternalMessage'],
  [Object.create(null), 'object'],
])('%j is no input', (input, name) => {
  expect(() => wireTurnInput(input as never)).toThrow(
    new TypeError(
      `unsupported input item: ${name}. Give a string, an object with one of the types text, image, localImage, audio, localAudio, skill, mention, TextInput and its like, or a list of such objects.`,
    ),
  );
});

const plain: UserInput[] = [
  { type: 'text', text: 'hi', text_elements: [] },
  { type: 'image', url: 'data:u', detail: 'high' },
  { type: 'image', fileId: 'f' },
  { type: 'localImage', path: '/p' },
  { type: 'audio', url: 'data:u' },
  { type: 'localAudio', path: '/p' },
  { type: 'skill', name: 'n', path: '/s' },
  { type: 'mention', name: 'm', path: '/m' },
];

test('plain objects are sent as they are: each kind that the protocol has', () => {
  expect(wireInput(plain)).toEqual(plain);
  for (const item of plain) expect(wireInput(item)).toEqual([item]);
  expect(new Set(plain.map(({ type }) => type)).size).toBe(7);
});

test.each(plain)('$type without one of its texts is refused, and the error names it', (item) => {
  const needed = Object.keys(item).filter((field) => ['text', 'url', 'fileId', 'path', 'name'].includes(field));
  for (const field of needed)
    for (const value of [undefined, 7, null])
      expect(() => wireInput({ ...item, [field]: value } as never)).toThrow(
        new RegExp(`^unsupported input item: Object of the type "${item.type}" without .*${field}.* as text$`),
      );
});

test('an external message is the output of a tool, and cannot steer', () => {
  expect(wireTurnInput(new ExternalMessage('mail', 'c'))).toEqual({
    input: [],
    toolOutput: { name: 'mail', output: 'c' },
  });
  const content = [
    { type: 'input_text', text: 'x' },
    { type: 'input_image', file_id: 'f' },
    { type: 'input_audio', file_id: 'f' },
  ];
  expect(wireTurnInput(new ExternalMessage('mail', content, 'ns'))).toEqual({
    input: [],
    toolOutput: { name: 'mail', namespace: 'ns', output: content },
  });
  expect(() => wireInput(new ExternalMessage('mail', 'c') as never)).toThrow('unsupported input item: ExternalMessage');
});

test.each(['', ' \t', 5, null])('an external message of the tool %j is refused', (name) => {
  const message = new ExternalMessage(name as string, 'c');
  expect(() => wireTurnInput(message)).toThrow(new RangeError('ExternalMessage.toolName must be a nonempty string'));
});

test.each([
  [5, 'ExternalMessage.content must be text or a list of content items, not number'],
  [[{ type: 'input_text' }], 'ExternalMessage.content[0] must be a content item'],
  [[{ type: 'input_text', text: 'x' }, 'y'], 'ExternalMessage.content[1] must be a content item'],
  [[{ type: 'constructor', text: 'x' }], 'ExternalMessage.content[0] must be a content item'],
])('content %j is refused', (content, message) => {
  expect(() => wireTurnInput(new ExternalMessage('t', content as never))).toThrow(message);
});
