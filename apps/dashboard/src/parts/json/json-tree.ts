/** Reads JSON without changing what is written: numbers stay as long, texts as escaped as they came. */

export type JsonTree =
  | { kind: 'scalar'; raw: string }
  | { kind: 'array'; items: JsonTree[] }
  | { kind: 'object'; fields: { name: string; raw: string; value: JsonTree }[] };

/** Deeper documents are shown as they came. */
const DEPTH_MAX = 500;
const TOKEN = /[\t\n\r ]*(?:([[\]{},:])|("(?:[^"\\]|\\.)*")|([^\s[\]{},:"]+))/y;

/** Null: the text is no JSON, or too deep. */
export function readJson(text: string): JsonTree | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  // It is JSON: from here on the order of tokens is known.
  const reader = new RegExp(TOKEN);
  const next = (): string => {
    const match = reader.exec(text);
    return match?.[1] ?? match?.[2] ?? match?.[3] ?? '';
  };
  try {
    return readValue(next(), next, 0);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readValue(token: string, next: () => string, depth: number): JsonTree {
  if (depth > DEPTH_MAX) throw new RangeError('too deep');
  if (token === '[') {
    const items: JsonTree[] = [];
    for (let one = next(); one !== ']' && one !== ''; one = next()) if (one !== ',') items.push(readValue(one, next, depth + 1));
    return { kind: 'array', items };
  }
  if (token === '{') {
    const fields: { name: string; raw: string; value: JsonTree }[] = [];
    for (let raw = next(); raw !== '}' && raw !== ''; raw = next()) {
      if (raw === ',') continue;
      next();
      fields.push({ name: nameOf(raw), raw, value: readValue(next(), next, depth + 1) });
    }
    return { kind: 'object', fields };
  }
  return { kind: 'scalar', raw: token };
}

function nameOf(raw: string): string {
  const name: unknown = JSON.parse(raw);
  return String(name);
}
