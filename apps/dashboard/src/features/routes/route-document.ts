/** A route as it is being written: every field there, texts in place of nulls, so that a form can hold it. */
import type { RouteInput, RouteSpec } from '@nave/api-schema';

export type Ending = 'finish' | 'cancel';

export interface StepDocument {
  /** Only of the form: keeps a card the same card while it is moved. */
  id: string;
  name: string;
  to: string;
  /** Empty: the only one of the spoke. */
  operation: string;
  /** Empty: the message as it is. */
  input: string;
  atMostOnce: boolean;
}

export interface HeaderDocument {
  name: string;
  value: string;
}

export interface ReplyDocument {
  /** A number, or JSONata. */
  status: string;
  headers: readonly HeaderDocument[];
  body: string;
}

export interface RouteDocument {
  spoke: string;
  type: string;
  when: string;
  orderingKey: string;
  steps: readonly StepDocument[];
  mode: 'async' | 'reply';
  timeout: string;
  reply: ReplyDocument;
  onTimeout: Ending | null;
  onFailure: Ending | null;
  onHangup: Ending | null;
  cacheKey: string;
  cacheTtl: string;
  enabled: boolean;
}

/** What a route may be given as: stored, a version of it, or read from YAML. */
export type RouteContent = Pick<RouteInput, 'from' | 'steps'> & Partial<Pick<RouteSpec, keyof RouteSpec>>;

let made = 0;

export function newStep(name: string): StepDocument {
  made += 1;
  return { id: `step-${made}`, name, to: '', operation: '', input: '', atMostOnce: false };
}

export function emptyDocument(): RouteDocument {
  return {
    ...{ spoke: '', type: '', when: '', orderingKey: '', steps: [newStep('')], mode: 'async', timeout: '' },
    ...{ reply: { status: '', headers: [], body: '' }, onTimeout: null, onFailure: null, onHangup: null },
    ...{ cacheKey: '', cacheTtl: '', enabled: true },
  };
}

/** @param before its steps lend their ids, so that cards stay where only texts changed */
export function documentOf(content: RouteContent | RouteInput, before?: RouteDocument): RouteDocument {
  const reply = content.reply ?? null;
  return {
    spoke: content.from.spoke,
    type: content.from.type,
    when: content.when ?? '',
    orderingKey: content.orderingKey ?? '',
    steps: content.steps.map(({ name, to, operation, input, atMostOnce }, index) => ({
      ...(before?.steps[index] ?? newStep(name)),
      ...{ name, to, operation: operation ?? '', input: input ?? '', atMostOnce: atMostOnce ?? false },
    })),
    mode: content.mode ?? 'async',
    timeout: content.timeout ?? '',
    reply: {
      status: reply?.status === null || reply?.status === undefined ? '' : String(reply.status),
      headers: Object.entries(reply?.headers ?? {}).map(([name, value]) => ({ name, value })),
      body: reply?.body ?? '',
    },
    onTimeout: content.onTimeout ?? null,
    onFailure: content.onFailure ?? null,
    onHangup: content.onHangup ?? null,
    cacheKey: content.cache?.key ?? '',
    cacheTtl: content.cache?.ttl ?? '',
    enabled: content.enabled ?? true,
  };
}

/** What the API takes. What only callers that wait have is left out of other routes: the form keeps it, in case the mode is chosen back. */
export function inputOf(document: RouteDocument): RouteInput {
  const { spoke, type, when, orderingKey, steps, mode, timeout, enabled } = document;
  return {
    from: { spoke, type },
    ...(blank(when) ? {} : { when }),
    ...(blank(orderingKey) ? {} : { orderingKey }),
    steps: steps.map(({ name, to, operation, input, atMostOnce }) => ({
      ...{ name, to },
      ...(blank(operation) ? {} : { operation }),
      ...(blank(input) ? {} : { input }),
      ...(atMostOnce ? { atMostOnce } : {}),
    })),
    ...(mode === 'reply' ? { mode, ...(blank(timeout) ? {} : { timeout }), ...callOf(document) } : {}),
    ...(enabled ? {} : { enabled }),
  };
}

function callOf({ reply, onTimeout, onFailure, onHangup, cacheKey, cacheTtl }: RouteDocument): Partial<RouteInput> {
  const headers = reply.headers.filter(({ name, value }) => !blank(name) || !blank(value));
  const given = {
    ...(blank(reply.status) ? {} : { status: /^\s*\d{1,9}\s*$/.test(reply.status) ? Number(reply.status) : reply.status }),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])) }),
    ...(blank(reply.body) ? {} : { body: reply.body }),
  };
  return {
    ...(Object.keys(given).length === 0 ? {} : { reply: given }),
    ...(onTimeout === null ? {} : { onTimeout }),
    ...(onFailure === null ? {} : { onFailure }),
    ...(onHangup === null ? {} : { onHangup }),
    ...(blank(cacheKey) && blank(cacheTtl) ? {} : { cache: { key: cacheKey, ttl: cacheTtl } }),
  };
}

/** Whether both would be stored as the same route. */
export function sameDocument(one: RouteDocument, other: RouteDocument): boolean {
  return one === other || JSON.stringify(inputOf(one)) === JSON.stringify(inputOf(other));
}

/** The first name of its kind that no step has: `step-2`. */
export function freeStepName(steps: readonly StepDocument[], wish = ''): string {
  const taken = new Set(steps.map(({ name }) => name));
  if (wish !== '' && !taken.has(wish)) return wish;
  const stem = wish === '' ? 'step' : wish;
  let number = wish === '' ? steps.length + 1 : 2;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

export function movedStep(steps: readonly StepDocument[], index: number, by: -1 | 1): readonly StepDocument[] {
  const [step, other] = [steps[index], steps[index + by]];
  if (step === undefined || other === undefined) return steps;
  return steps.map((each, place) => (place === index ? other : place === index + by ? step : each));
}

export function blank(text: string): boolean {
  return text.trim() === '';
}
