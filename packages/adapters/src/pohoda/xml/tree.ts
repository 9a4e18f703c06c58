/** Finds its way in XML that was read: by local names, because prefixes are the writer's choice. */
export type XmlTree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is XmlTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** All elements of that name below a node; texts become nodes with `#text`. */
export function childrenOf(node: XmlTree | null, name: string): XmlTree[] {
  const found: XmlTree[] = [];
  for (const [key, value] of Object.entries(node ?? {})) {
    if (key.startsWith('@') || localName(key) !== name) continue;
    for (const each of Array.isArray(value) ? value : [value]) found.push(isTree(each) ? each : { '#text': each });
  }
  return found;
}

export function childOf(node: XmlTree | null, name: string): XmlTree | null {
  return childrenOf(node, name)[0] ?? null;
}

/** The text at a path of local names; null when there is none. */
export function textAt(node: XmlTree | null, ...path: readonly string[]): string | null {
  const at = path.reduce<XmlTree | null>((current, name) => childOf(current, name), node);
  const value = at?.['#text'];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function attributeOf(node: XmlTree | null, name: string): string | null {
  const value = node?.[`@${name}`];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A copy for mappings: no prefixes, no namespace declarations, texts as texts. */
export function plainTree(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainTree);
  if (!isTree(value)) return value;
  const fields: [string, unknown][] = [];
  for (const [key, each] of Object.entries(value)) {
    if (key === '@xmlns' || key.startsWith('@xmlns:')) continue;
    fields.push([key.startsWith('@') || key === '#text' ? key : localName(key), plainTree(each)]);
  }
  return Object.fromEntries(fields);
}
