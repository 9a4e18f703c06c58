/** Cycles of a directed graph: Tarjan's strongly connected components (SIAM J. Comput. 1(2), 1972). */

/** @returns the groups of nodes that reach each other, each sorted; a node that points at itself is one too */
export function findCycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const index = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const cycles: string[][] = [];

  const visit = (node: string): number => {
    const mine = index.size;
    index.set(node, mine);
    stack.push(node);
    onStack.add(node);
    let lowest = mine;
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) lowest = Math.min(lowest, visit(next));
      else if (onStack.has(next)) lowest = Math.min(lowest, index.get(next) ?? lowest);
    }
    if (lowest === mine) {
      const group = stack.splice(stack.indexOf(node));
      for (const one of group) onStack.delete(one);
      if (group.length > 1 || edges.get(node)?.has(node) === true) cycles.push(group.sort());
    }
    return lowest;
  };

  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return cycles;
}
