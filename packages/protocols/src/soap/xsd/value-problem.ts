/** A value that does not fit its schema: thrown inside encoding and decoding, answered as a value by what calls them. */
import { joinPointer } from '@nave/adapter-kit';

export class ValueProblem extends Error {
  /** JSON Pointer into the value. */
  readonly path: string;

  /** @param message what was expected; never quotes the value */
  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }

  /** One line: where, and what was expected. */
  get line(): string {
    return `${this.path === '' ? 'the input' : this.path}: ${this.message}`;
  }
}

/** Where a value stands, and how deep. */
export interface At {
  path: string;
  depth: number;
}

/** Nesting that no SOAP message has and a recursive type could. */
export const VALUE_DEPTH_MAX = 64;

/** @throws ValueProblem deeper than `VALUE_DEPTH_MAX` */
export function below({ path, depth }: At, key: string | number): At {
  const next = joinPointer(path, String(key));
  if (depth >= VALUE_DEPTH_MAX) throw new ValueProblem(next, `nested deeper than ${VALUE_DEPTH_MAX} levels`);
  return { path: next, depth: depth + 1 };
}
