/** Typed reading of options that were checked before: a value of another type counts as absent. */
type Options = Readonly<Record<string, unknown>>;

/** A text option, or undefined. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** A header name option in lower case, or undefined. */
export function headerOption(options: Options, name: string): string | undefined {
  return textOption(options, name)?.toLowerCase();
}

/** A list of texts; a single text counts as a list of one, absence as an empty list. */
export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
