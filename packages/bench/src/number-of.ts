/** A number out of an answer of another process. @throws Error when it is not there: the benchmark itself is broken */
export function numberOf(value: unknown, name: string): number {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof found !== 'number') throw new Error(`no number ${name} in an answer of the benchmark`);
  return found;
}
