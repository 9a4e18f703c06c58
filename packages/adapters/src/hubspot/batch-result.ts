/** Which inputs of a batch went through and which did not: HubSpot answers 200, or 207 with `errors` beside `results`. */
import { parseBody } from '@nave/adapter-kit';
import type { BatchInput } from './operations.ts';

export interface InputResult {
  /** Place in the batch, from 0. */
  index: number;
  id: string;
  ok: boolean;
  objectId: string | null;
  /** True: created; false: updated. */
  new: boolean | null;
  /** Category of the error, such as VALIDATION_ERROR. */
  error: string | null;
}

export interface BatchResult {
  inputs: readonly InputResult[];
  failed: number;
  /** Every failure is one that another try may cure. */
  transient: boolean;
  results: readonly unknown[];
  errors: readonly unknown[];
}

const TRANSIENT: ReadonlySet<string> = new Set(['RATE_LIMITS', 'RATE_LIMIT', 'INTERNAL_ERROR', 'TIMEOUT', 'SERVICE_UNAVAILABLE']);

/** Null for an answer that is none of a batch. An input that neither list names counts as failed: nothing is taken for done silently. */
export function readBatch(body: Uint8Array, inputs: readonly BatchInput[]): BatchResult | null {
  const parsed = parseBody('application/json', body);
  if (!parsed.ok || typeof parsed.data !== 'object' || parsed.data === null) return null;
  const results = listOf(parsed.data, 'results');
  const errors = listOf(parsed.data, 'errors') ?? [];
  if (results === null) return null;
  const outcomes = inputs.map((input, index): InputResult => {
    const result =
      results.find((each) => traceOf(each) === String(index)) ?? results.find((each) => traceOf(each) === null && isFor(each, input));
    if (result !== undefined) {
      const id = field(result, 'id');
      const created = field(result, 'new');
      return {
        index,
        id: input.id,
        ok: true,
        objectId: typeof id === 'string' ? id : null,
        new: typeof created === 'boolean' ? created : null,
        error: null,
      };
    }
    const error = errors.find((each) => tracesIn(each).includes(String(index)));
    return { index, id: input.id, ok: false, objectId: null, new: null, error: categoryOf(error) ?? 'NO_RESULT' };
  });
  const failed = outcomes.filter(({ ok }) => !ok);
  // Without trace ids in the errors nobody can say whose they are: the one category of all, where there is one.
  const categories = new Set(errors.map(categoryOf));
  const only = categories.size === 1 ? [...categories][0] : undefined;
  const named = outcomes.map((each) =>
    each.error === 'NO_RESULT' && only !== undefined && only !== null ? { ...each, error: only } : each,
  );
  const transient = failed.length > 0 && named.every(({ ok, error }) => ok || (error !== null && TRANSIENT.has(error)));
  return { inputs: named, failed: failed.length, transient, results, errors };
}

function listOf(data: object, name: string): readonly unknown[] | null {
  const value: unknown = Reflect.get(data, name);
  return Array.isArray(value) ? value : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function traceOf(result: unknown): string | null {
  const trace = field(result, 'objectWriteTraceId');
  return typeof trace === 'string' ? trace : null;
}

/** `context.objectWriteTraceId` is a list of texts. */
function tracesIn(error: unknown): readonly unknown[] {
  const traces = field(field(error, 'context'), 'objectWriteTraceId');
  return Array.isArray(traces) ? traces : [traces];
}

function isFor(result: unknown, { id, idProperty }: BatchInput): boolean {
  const value = field(field(result, 'properties'), idProperty);
  return typeof value === 'string' && value.toLowerCase() === id.toLowerCase();
}

function categoryOf(error: unknown): string | null {
  const category = field(error, 'category');
  return typeof category === 'string' && /^[A-Z0-9_]{1,60}$/.test(category) ? category : null;
}
