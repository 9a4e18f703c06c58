/** Messages between the hub and a child process: plain JSON over the IPC channel, read as unknown data on both sides. */
import { isRecord } from '../simple/sequence.ts';

/** What one evaluation needs; sent as JSON text inside the message, so that its size is known before it is sent. */
export interface JobInput {
  readonly text: string;
  readonly root?: unknown;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly responses: Readonly<Record<string, unknown>>;
  readonly nowMs?: number | undefined;
  readonly seed?: string | undefined;
}

export type ToChild =
  | { readonly kind: 'job'; readonly id: number; readonly input: string; readonly selfLimitMs: number }
  | { readonly kind: 'lookup-answer'; readonly id: number; readonly call: number; readonly value?: string | undefined };

export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'start'; readonly id: number }
  | { readonly kind: 'lookup'; readonly id: number; readonly call: number; readonly table: string; readonly key: string }
  /** `result` is JSON text; without it the expression selects nothing. */
  | { readonly kind: 'done'; readonly id: number; readonly result?: string | undefined }
  | { readonly kind: 'limit'; readonly id: number; readonly reason: string }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: string;
      readonly position?: number | undefined;
      readonly token?: string | undefined;
      readonly index?: number | undefined;
    };

/** A message of the hub, or undefined. */
export function readToChild(message: unknown): ToChild | undefined {
  if (!isRecord(message) || typeof message['id'] !== 'number') return undefined;
  const { kind, id, input, selfLimitMs, call, value } = message;
  if (kind === 'job' && typeof input === 'string' && typeof selfLimitMs === 'number') return { kind, id, input, selfLimitMs };
  if (kind === 'lookup-answer' && typeof call === 'number') return { kind, id, call, value: textOrNothing(value) };
  return undefined;
}

/** A message of a child process, or undefined. */
export function readFromChild(message: unknown): FromChild | undefined {
  if (!isRecord(message)) return undefined;
  const { kind, id } = message;
  if (kind === 'ready') return { kind };
  if (typeof id !== 'number') return undefined;
  const { call, table, key, result, reason, code, position, token, index } = message;
  if (kind === 'start') return { kind, id };
  if (kind === 'lookup' && typeof call === 'number' && typeof table === 'string' && typeof key === 'string')
    return { kind, id, call, table, key };
  if (kind === 'done') return { kind, id, result: textOrNothing(result) };
  if (kind === 'limit' && typeof reason === 'string') return { kind, id, reason };
  if (kind === 'failed' && typeof code === 'string') {
    return { kind, id, code, position: numberOrNothing(position), token: textOrNothing(token), index: numberOrNothing(index) };
  }
  return undefined;
}

/** The input of a job. @throws SyntaxError or TypeError when it is none */
export function readJobInput(json: string): JobInput {
  const input: unknown = JSON.parse(json);
  if (!isRecord(input) || typeof input['text'] !== 'string') throw new TypeError('not a job');
  const { text, root, bindings, responses, nowMs, seed } = input;
  return {
    text,
    root,
    bindings: isRecord(bindings) ? bindings : {},
    responses: isRecord(responses) ? responses : {},
    nowMs: numberOrNothing(nowMs),
    seed: textOrNothing(seed),
  };
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOrNothing(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
