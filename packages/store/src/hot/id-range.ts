/** The smallest and largest of some UUIDs: given beside the list, they let PostgreSQL leave out partitions that cannot hold any of them. */
export function idRange(ids: readonly string[]): { low: string; high: string } {
  let low = ids[0] ?? '';
  let high = low;
  for (const id of ids) {
    if (id < low) low = id;
    if (id > high) high = id;
  }
  return { low, high };
}
