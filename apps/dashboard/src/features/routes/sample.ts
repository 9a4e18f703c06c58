/** The message that a route is tried with: pasted, made up from a schema, or taken from a stored one. */
import type { MessageList, SampleMessage } from '@nave/api-schema';
import { hub } from '../../api/client.ts';
import type { EditorProblem } from '../../parts/code-editor/code-editor.tsx';
import { isJsonObject, ownValue } from '../../parts/schema-form/schema-shape.ts';

export type MessageSummary = MessageList['items'][number];

export interface Sample {
  origin: 'pasted' | 'schema' | 'message';
  /** Of the message it is taken from. */
  messageId: string | null;
  /** Empty: one that the route's pattern takes. */
  type: string;
  /** JSON of the parsed body. */
  text: string;
  /** What else an expression may ask for. */
  rest: Omit<SampleMessage, 'type' | 'data'>;
}

export function pastedSample(text: string): Sample {
  return { origin: 'pasted', messageId: null, type: '', text, rest: {} };
}

export type ReadSample = { message: SampleMessage } | { problem: EditorProblem };

/** @param pattern of the route: the type of a sample without one */
export function readSample({ type, text, rest }: Sample, pattern: string): ReadSample {
  try {
    const data: unknown = JSON.parse(text);
    return { message: { ...rest, type: type.trim() === '' ? typeOfPattern(pattern) : type.trim(), data } };
  } catch (error) {
    return { problem: jsonProblem(error) };
  }
}

/** A type that the pattern takes: `order.*` gives `order.example`. */
export function typeOfPattern(pattern: string): string {
  const segments = pattern.split('.').filter((segment) => segment !== '');
  const type = segments.map((segment) => (/\*/.test(segment) ? 'example' : segment)).join('.');
  return type === '' ? 'example' : type;
}

export function jsonProblem(error: unknown): EditorProblem {
  const message = error instanceof Error ? error.message : String(error);
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? { line: 1, message } : { from: Number(position), message };
}

const ROOT = `{ "data": data, "headers": headers, "query": $query, "method": $method, "path": $path,
  "receivedAt": receivedAt, "correlationId": correlationId }`;

/**
 * Opens a stored message as expressions see it; the hub writes that to the audit first.
 * @returns null when it is too large to be shown
 */
export async function revealSample({ id, source, type, orderingKey }: MessageSummary, route: string): Promise<Sample | null> {
  const steps = [{ name: 'sample', to: source, input: ROOT }];
  const simulation = await hub.routes.simulate(route, { messageId: id, route: { from: { spoke: source, type: '**' }, steps } });
  const root = simulation.steps[0]?.known === true ? simulation.steps[0].input : null;
  if (!isJsonObject(root)) return null;
  const text = (name: string) => {
    const value = ownValue(root, name);
    return typeof value === 'string' ? { [name]: value } : {};
  };
  const texts = (name: string) => {
    const value = ownValue(root, name);
    if (!isJsonObject(value)) return {};
    return { [name]: Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)])) };
  };
  return {
    ...{ origin: 'message', messageId: id, type },
    text: JSON.stringify(ownValue(root, 'data') ?? null, null, 2),
    rest: {
      ...{ source, orderingKey },
      ...texts('headers'),
      ...texts('query'),
      ...text('method'),
      ...text('path'),
      ...text('receivedAt'),
      ...text('correlationId'),
    },
  };
}
