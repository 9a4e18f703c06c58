/** Thrown while compiling when an expression has a part that only a child process may run. */

const CONSTRUCTS: Readonly<Record<string, string>> = {
  lambda: 'a function definition',
  partial: 'a partial application',
  regex: 'a regular expression',
  descendant: 'the descendant wildcard (**)',
  parent: 'a parent (%)',
  sort: 'a sort (^)',
  transform: 'a transform (|...|)',
  bind: 'a variable bound outside of brackets',
};

/** How a message calls a kind of node. */
export function constructName(type: string): string {
  return Object.hasOwn(CONSTRUCTS, type) ? (CONSTRUCTS[type] ?? type) : `"${type}"`;
}
export class NotSimple extends Error {
  readonly position: number | undefined;

  /** `construct` completes "uses ..." or "...". */
  constructor(construct: string, position: number | undefined) {
    super(construct);
    this.position = position;
  }
}
