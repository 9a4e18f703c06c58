/** One environment variable, as data: read by `load`, shown by `describe`. */
export interface Variable<T> {
  name: string;
  meaning: string;
  /** What an unset variable means, for people; null when it simply is not there. */
  default: string | null;
  example: string;
  /** True when the value must never be shown. */
  secret: boolean;
  /** What a value has to be, for the problem line. */
  expected: string;
  /** The value, or null when the text has another form. */
  parse: (text: string) => T | null;
  fallback: T;
}

/** Completes a declaration. */
export function variable<T>(declared: Omit<Variable<T>, 'secret'> & { secret?: boolean }): Variable<T> {
  return { secret: false, ...declared };
}
