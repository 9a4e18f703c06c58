/** Writes JSON so that people can read it: two spaces a level, every value as it came. */
import { type JsonTree, readJson } from './json-tree.ts';

/** Null: the text is no JSON. @param options.sortKeys so that two documents can be compared whatever the order of their fields */
export function prettyJson(text: string, { sortKeys = false }: { sortKeys?: boolean } = {}): string | null {
  const tree = readJson(text);
  if (tree === null) return null;
  const parts: string[] = [];
  write(tree, '\n', sortKeys, parts);
  return parts.join('');
}

function write(tree: JsonTree, newLine: string, sortKeys: boolean, parts: string[]): void {
  if (tree.kind === 'scalar') {
    parts.push(tree.raw);
    return;
  }
  const inner = `${newLine}  `;
  if (tree.kind === 'array') {
    if (tree.items.length === 0) {
      parts.push('[]');
      return;
    }
    tree.items.forEach((item, index) => {
      parts.push(index === 0 ? '[' : ',', inner);
      write(item, inner, sortKeys, parts);
    });
    parts.push(newLine, ']');
    return;
  }
  if (tree.fields.length === 0) {
    parts.push('{}');
    return;
  }
  const fields = sortKeys ? tree.fields.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) : tree.fields;
  fields.forEach((field, index) => {
    parts.push(index === 0 ? '{' : ',', inner, field.raw, ': ');
    write(field.value, inner, sortKeys, parts);
  });
  parts.push(newLine, '}');
}
