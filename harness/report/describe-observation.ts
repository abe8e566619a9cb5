import { isObject } from '../../testing/json/json.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import type { Channel } from '../observation/types.ts';
import type { Paint } from './paint.ts';

/** Arrows say who speaks: the client to the engine, the engine to the client, the engine to the model. */
const signs: Partial<Record<Channel, string>> = { 'wire.out': '→', 'wire.in': '←', 'model.request': '⇢' };

export interface DescribeOptions {
  /** Longest text of a line's content; the rest is cut. Default 100. */
  width?: number;
}

/** A normalised observation to be read by people: a line each, in recorded order, with channel, lane and the content in short. */
export function describeObservation(
  { lines }: NormalisedObservation,
  paint: Paint,
  { width = 100 }: DescribeOptions = {},
): string[] {
  const keyWidth = Math.min(40, Math.max(0, ...lines.map(({ key }) => key.length)));
  return lines.map((line) => {
    const head = `${signs[line.ch] ?? ' '} ${line.ch.padEnd(13)} ${line.key.padEnd(keyWidth)}`;
    const painted = line.ch === 'error' || line.ch === 'hang' ? paint.red(head) : paint.bold(head);
    return `${painted}  ${paint.dim(contentOf(line, width))}`;
  });
}

/** What a line is about: the rest of it is in the head already, or is the frame that every such line has. */
const members = ['params', 'result', 'error', 'payload', 'value', 'args', 'body'] as const;

function contentOf({ body }: NormalisedLine, width: number): string {
  const { msg, ...rest } = body;
  const said = isObject(msg) ? msg : rest;
  const member = members.find((name) => said[name] !== undefined);
  const text = JSON.stringify(member === undefined ? said : said[member]);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
