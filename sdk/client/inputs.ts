import { oneClassInAllCopies } from '../../native/one-class.mjs';
import type { FunctionCallOutputContentItem, JsonObject, UserInput } from '../protocol/index.ts';

// An object that only looks like an input is refused at run time, and so the compiler refuses it too: each class has its name on its prototype. Types
// of two copies of this package are one by it.

/** Text that starts or steers a turn (Python: `TextInput`). */
export class TextInput {
  /** @internal */
  declare readonly '~twinproof': 'TextInput';
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An image as a data URL (Python: `ImageInput`). */
export class ImageInput {
  /** @internal */
  declare readonly '~twinproof': 'ImageInput';
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
}

/** An image file on the engine's machine (Python: `LocalImageInput`). */
export class LocalImageInput {
  /** @internal */
  declare readonly '~twinproof': 'LocalImageInput';
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
}

/** A skill, by name and path (Python: `SkillInput`). */
export class SkillInput {
  /** @internal */
  declare readonly '~twinproof': 'SkillInput';
  readonly name: string;
  readonly path: string;
  constructor(name: string, path: string) {
    this.name = name;
    this.path = path;
  }
}

/** A resource that the text mentions, by name and path (Python: `MentionInput`). */
export class MentionInput {
  /** @internal */
  declare readonly '~twinproof': 'MentionInput';
  readonly name: string;
  readonly path: string;
  constructor(name: string, path: string) {
    this.name = name;
    this.path = path;
  }
}

/** The content of an external message: text, or content items of the Responses API. */
export type ExternalContent = string | readonly (FunctionCallOutputContentItem | JsonObject)[];

/**
 * Untrusted content from another agent, tool or application (Python: `ExternalMessage`), as the whole input of `run()`
 * or `turn()`. It has the authority of a tool's output: below the instructions of the user and the developer, and never
 * an approval.
 */
export class ExternalMessage {
  /** @internal */
  declare readonly '~twinproof': 'ExternalMessage';
  /** The tool that delivers the message. Must not be blank. */
  readonly toolName: string;
  readonly content: ExternalContent;
  readonly namespace: string | null;
  constructor(toolName: string, content: ExternalContent, namespace: string | null = null) {
    this.toolName = toolName;
    this.content = content;
    this.namespace = namespace;
  }
}

/**
 * One piece of user input (Python: `InputItem`): an object of one of these classes, or a plain one as the protocol has it,
 * `{ type: 'text', text: 'hi' }`.
 */
export type InputItem = TextInput | ImageInput | LocalImageInput | SkillInput | MentionInput | UserInput;
/** User input (Python: `Input`). */
export type Input = InputItem | readonly InputItem[];
/** Input that starts a turn (Python: `RunInput`). */
export type RunInput = Input | string | ExternalMessage;

oneClassInAllCopies({ TextInput, ImageInput, LocalImageInput, SkillInput, MentionInput, ExternalMessage });
