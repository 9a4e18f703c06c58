/** The wildcard `*`: every value of an object, arrays flattened (evaluateWildcard in jsonata 2.2). */
import type { Run } from './run.ts';
import { emptySequence, type Items } from './sequence.ts';

/** The values of `input` one level down. */
export function evaluateWildcard(input: unknown, run: Run): unknown {
  const wrapped = Array.isArray(input) && 'outerWrapper' in input && input.outerWrapper === true && input.length > 0;
  const subject: unknown = wrapped ? input[0] : input;
  if (typeof subject !== 'object' || subject === null) return emptySequence();
  // What has passed `concat` in JSONata is no longer a sequence, so that a single item stays in its array.
  let flagged = true;
  const found: Items = [];
  for (const value of Object.values(subject)) {
    if (Array.isArray(value)) {
      flagged = false;
      flatten(value, found, run);
    } else {
      run.tick();
      found.push(value);
    }
  }
  if (flagged) found.sequence = true;
  return found;
}

function flatten(items: readonly unknown[], into: unknown[], run: Run): void {
  for (const item of items) {
    run.tick();
    if (Array.isArray(item)) flatten(item, into, run);
    else into.push(item);
  }
}
