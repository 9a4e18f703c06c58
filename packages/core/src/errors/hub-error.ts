/** The one exception of Nave: infrastructure that fails and requests that cannot be served. Expected outcomes of deliveries are values, not exceptions. */
import { ERROR_CATALOGUE, type ErrorCategory, type ErrorCode } from './catalogue.ts';

/** One thing wrong with a request: `path` is a JSON Pointer (RFC 6901) into the body, or `/query/x`, `/headers/x`, `/params/x`. */
export interface FieldProblem {
  path: string;
  message: string;
}

export interface HubErrorOptions {
  /** Shown to the caller: what happened and what to do; never a secret, a body or personal data. */
  detail?: string;
  errors?: readonly FieldProblem[];
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  cause?: unknown;
}

const BRAND = Symbol.for('nave.hub-error');

/** Carries a catalogue code; HTTP status and exit code are chosen at the edge. Recognise it with `isHubError`, not `instanceof`. */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  readonly retryAfterSeconds: number | undefined;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, options: HubErrorOptions = {}) {
    const { title, category } = ERROR_CATALOGUE[code];
    super(options.detail ?? title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HubError';
    this.code = code;
    this.category = category;
    this.detail = options.detail ?? title;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** True when the same request may succeed later without being changed. */
  get retryable(): boolean {
    return this.category === 'unavailable' || this.category === 'limited';
  }
}

/** Recognises a `HubError` by its brand, also when two copies of this package are loaded. */
export function isHubError(value: unknown): value is HubError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** The message of anything thrown, for logs and details. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
