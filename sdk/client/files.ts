import { expectedGot } from '../../native/expected-got.mjs';
import { showCallers } from '../errors/callers-line.ts';
import type { FileSource } from '../files/source.ts';
import type { Staged, StageOptions } from '../files/staging.ts';
import { hiddenState } from '../objects/hidden-state.ts';
import {
  amount,
  checkArgument,
  checkOptions,
  oneOf,
  type Rule,
  type RulesFor,
  signal,
  text,
  texts,
} from '../options/check-options.ts';
import { LocalImageInput, MentionInput } from './inputs.ts';
import type { LazySession } from './lazy-session.ts';
import type { NewThreadAttachment } from './thread-attachments.ts';

/** What is known of a staged file, and what else can be made of it. */
export interface StagedFileFacts {
  /** Where it is, for the engine and its commands. */
  readonly path: string;
  /** What it is called. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Of the content, in hexadecimal. */
  readonly sha256: string;
  /** By the first bytes: an image, `application/pdf`, or `application/octet-stream`. */
  readonly mediaType: string;
  /** The file as an image. @throws TypeError if it is none that a model takes */
  image(): LocalImageInput;
  /** The file as something that the text mentions. */
  mention(): MentionInput;
  /** The file as an attachment of a thread, for `Thread.addAttachment()`. */
  attachment(): NewThreadAttachment;
  /** Removes the file now, unless the same content is staged a second time. Never rejects. */
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A staged file. It is an input item itself: of an image the image, of any other file a mention. */
export type StagedFile = (LocalImageInput | MentionInput) & StagedFileFacts;

const source: Rule = {
  expected: 'a path, a URL of a file, a Blob, bytes, or a stream of bytes',
  accepts: (value) =>
    typeof value === 'string' ||
    value instanceof URL ||
    value instanceof Blob ||
    value instanceof Uint8Array ||
    (typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || 'getReader' in value)),
  nullable: false,
};

export const stageRules: RulesFor<StageOptions> = {
  name: text,
  keep: oneOf('turn', 'thread', 'client'),
  maxBytes: amount,
  types: texts,
  signal,
};

const state = hiddenState<LazySession>('Files');

/** Files for the agent; see `Codex.files`. */
export class Files {
  /** Made by `Codex.files`. */
  constructor(session: LazySession) {
    state.set(this, session);
  }

  /**
   * Copies a file to where the engine can read it: a private folder below `artifacts` in its home (CODEX_HOME, as the
   * engine says it), under the hash of its content. The result is an input item. Any number may be staged at once, of any
   * size: a file goes piece by piece. The copy is removed as `keep` says, and what a program that was killed has left, the
   * next one removes.
   * ```ts
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const picture = await codex.files.stage(Buffer.from('iVBORw0KGgo=', 'base64'), { name: 'chart.png', keep: 'turn' });
   * const thread = await codex.threadStart();
   * await thread.run([{ type: 'text', text: 'What does this chart show?' }, picture]);
   * ```
   * @throws StagingError if the source cannot be read or is not what the options accept, or the home has no room for it
   * @throws AbortError if `signal` fires; what `Codex.connect()` throws
   */
  async stage(file: FileSource, options: StageOptions = {}): Promise<StagedFile> {
    checkArgument('file', file, source);
    checkOptions('Files.stage', options, stageRules);
    const { signal: given } = options;
    const client = state.of(this);
    const made = await client.call({ signal: given, timeoutMs: 0 }, async (session) => {
      return await (await client.stagingOf(session)).stage(file, options);
    });
    return itemOf(made);
  }
}

showCallers(Files.prototype);

function itemOf(staged: Staged): StagedFile {
  const { path, name, size, sha256, mediaType, release } = staged;
  const isImage = mediaType.startsWith('image/');
  const facts: StagedFileFacts = {
    path,
    name,
    size,
    sha256,
    mediaType,
    image() {
      if (isImage) return new LocalImageInput(path);
      throw new TypeError(expectedGot(`using ${name} as an image`, 'a PNG, JPEG, GIF or WebP file', mediaType));
    },
    mention: () => new MentionInput(name, path),
    attachment: () => ({
      attachmentType: 'file',
      identityKey: sha256,
      payload: { name, path, size, sha256, mediaType },
    }),
    release,
    [Symbol.asyncDispose]: release,
  };
  return Object.assign(isImage ? new LocalImageInput(path) : new MentionInput(name, path), facts);
}
