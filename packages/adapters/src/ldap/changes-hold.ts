/** Whether an entry already is as changes want it: what a repeated request finds. */
import { buffersOf, type LdapChange, type LdapEntry } from '@nave/protocols';

/** @param changes in the order in which they apply; each attribute is judged by the last change to it */
export function changesHold(entry: LdapEntry, changes: readonly LdapChange[]): boolean {
  return changes.every(({ operation, attribute, values }) => {
    const present = buffersOf(entry, attribute);
    const has = (value: Buffer): boolean => present.some((each) => each.equals(value));
    if (operation === 'add') return values.every(has);
    if (operation === 'delete') return values.length === 0 ? present.length === 0 : !values.some(has);
    return hasExactly(present, values);
  });
}

/** Whether two lists hold the same values in any order. */
export function hasExactly(present: readonly Buffer[], wanted: readonly Buffer[]): boolean {
  return present.length === wanted.length && wanted.every((value) => present.some((each) => each.equals(value)));
}
