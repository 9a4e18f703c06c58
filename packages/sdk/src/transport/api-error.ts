/** The hub said no: a problem document (RFC 9457) as an exception of the client. */
import type { Problem } from '@nave/api-schema';

export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  readonly problem: Problem;
  /** From `Retry-After`; null when the hub does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail === '' ? problem.title : problem.detail);
    this.name = 'ApiError';
    this.status = problem.status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The problem of an answer that carries none of ours: another server, a proxy in between. */
export function foreignProblem(status: number, path: string, detail: string): Problem {
  return { type: 'about:blank', title: `HTTP ${status}`, status, detail, instance: path, code: `http.${status}` };
}

/** True for what has the fields of a problem document. */
export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return ['title', 'detail', 'code'].every((name) => typeof fields.get(name) === 'string') && typeof fields.get('status') === 'number';
}
