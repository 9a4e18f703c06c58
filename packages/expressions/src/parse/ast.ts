/** JSONata's syntax tree, read as unknown data: its published types leave out half of the node kinds. */
export interface AstNode {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly [key: string]: unknown;
}

/** Whether `value` is a node of the tree. */
export function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The nodes of a list; anything else in it is left out. */
export function nodesOf(value: unknown): readonly AstNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/**
 * Visits every node, in no promised order. The tree may share nodes and, through `%`, hold cycles.
 * @returns false when there are more than `nodesMax` nodes
 */
export function visitNodes(root: unknown, nodesMax: number, visit: (node: AstNode) => void): boolean {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [root];
  let nodes = 0;
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value) || value instanceof RegExp) continue;
    seen.add(value);
    if (seen.size > nodesMax * 4) return false;
    if (isNode(value)) {
      nodes += 1;
      if (nodes > nodesMax) return false;
      visit(value);
    }
    for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) waiting.push(child);
  }
  return true;
}
