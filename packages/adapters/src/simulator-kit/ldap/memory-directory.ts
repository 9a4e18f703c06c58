/** A directory in memory with the rules every directory has; what a named system adds comes as `DirectoryRules`. */
import { dnKey, isWithin, type LdapAttribute, type LdapChange, type LdapFilter, parseDn, splitDn } from '@nave/protocols';
import { matches } from './match-filter.ts';

export interface StoredEntry {
  dn: string;
  /** By lower-case name. */
  attributes: Map<string, { name: string; values: Buffer[] }>;
}

export interface Refusal {
  code: number;
  diagnostic: string;
}

/** Who asks, and how. */
export interface Caller {
  secure: boolean;
  user: string;
}

export interface DirectoryRules {
  /** May complete the entry; a refusal stops it. */
  add?(entry: StoredEntry, caller: Caller, directory: MemoryDirectory): Refusal | null;
  /** Sees the entry as it is and the changes as asked; may take changes out of the list that it applied itself. */
  modify?(entry: StoredEntry, changes: LdapChange[], caller: Caller, directory: MemoryDirectory): Refusal | null;
  /** What a membership change that changes nothing is answered with. Default 20 and 16. */
  repeated?(change: LdapChange): Refusal | null;
  /** After an entry changed. */
  touched?(entry: StoredEntry, directory: MemoryDirectory): void;
  /** Instead of forgetting an entry. */
  removed?(entry: StoredEntry, directory: MemoryDirectory): void;
  /** Attributes that are worked out when asked for. */
  computed?(entry: StoredEntry, directory: MemoryDirectory): readonly LdapAttribute[];
}

export interface MemoryDirectory {
  find(dn: string): StoredEntry | undefined;
  all(): readonly StoredEntry[];
  put(entry: StoredEntry): void;
  drop(dn: string): void;
  add(dn: string, attributes: readonly LdapAttribute[], caller: Caller): Refusal | null;
  modify(dn: string, changes: readonly LdapChange[], caller: Caller): Refusal | null;
  modifyDn(dn: string, newRdn: string, newSuperior: string | null): Refusal | null;
  remove(dn: string): Refusal | null;
  search(base: string, scope: number, filter: LdapFilter): Refusal | readonly StoredEntry[];
  /** With the computed attributes. */
  view(entry: StoredEntry): readonly LdapAttribute[];
}

/** Attributes whose values are names of entries: they follow renames, and forget what is deleted. */
const LINKS = ['member', 'manager'];
const NO_SUCH_OBJECT: Refusal = { code: 32, diagnostic: '' };

export function createMemoryDirectory(rules: DirectoryRules = {}): MemoryDirectory {
  const entries = new Map<string, StoredEntry>();
  const keyOf = (dn: string): string => dnKey(dn) ?? `?${dn}`;

  function relink(from: string, to: string | null): void {
    for (const entry of entries.values()) {
      for (const name of LINKS) {
        const attribute = entry.attributes.get(name);
        if (attribute === undefined || !attribute.values.some((value) => keyOf(value.toString('utf8')) === keyOf(from))) continue;
        const others = attribute.values.filter((value) => keyOf(value.toString('utf8')) !== keyOf(from));
        attribute.values = to === null ? others : [...others, Buffer.from(to)];
        if (attribute.values.length === 0) entry.attributes.delete(name);
      }
    }
  }

  function applied(entry: StoredEntry, change: LdapChange): Refusal | null {
    const key = change.attribute.toLowerCase();
    const present = entry.attributes.get(key)?.values ?? [];
    const same = (left: Buffer, right: Buffer): boolean =>
      left.equals(right) || (LINKS.includes(key) && keyOf(left.toString('utf8')) === keyOf(right.toString('utf8')));
    const has = (value: Buffer): boolean => present.some((each) => same(each, value));
    let values: Buffer[];
    if (change.operation === 'replace') values = [...change.values];
    else if (change.operation === 'add') {
      if (change.values.some(has))
        return rules.repeated?.(change) ?? { code: 20, diagnostic: `modify/add: ${change.attribute}: value #0 already exists` };
      values = [...present, ...change.values];
    } else {
      const missing = change.values.length === 0 ? present.length === 0 : !change.values.every(has);
      if (missing) return rules.repeated?.(change) ?? { code: 16, diagnostic: `modify/delete: ${change.attribute}: no such value` };
      values = change.values.length === 0 ? [] : present.filter((each) => !change.values.some((value) => same(each, value)));
    }
    if (values.length === 0) entry.attributes.delete(key);
    else entry.attributes.set(key, { name: change.attribute, values });
    return null;
  }

  const directory: MemoryDirectory = {
    find: (dn) => entries.get(keyOf(dn)),
    all: () => [...entries.values()],
    put(entry) {
      entries.set(keyOf(entry.dn), entry);
    },
    drop(dn) {
      entries.delete(keyOf(dn));
    },
    add(dn, attributes, caller) {
      const parts = splitDn(dn);
      if (parts === null) return { code: 34, diagnostic: 'invalid DN' };
      if (entries.has(keyOf(dn))) return { code: 68, diagnostic: '00002071: UpdErr: DSID-0305038D, problem 6005 (ENTRY_EXISTS), data 0' };
      if (entries.size > 0 && !entries.has(keyOf(parts.parent))) return NO_SUCH_OBJECT;
      if (!attributes.some(({ name }) => name.toLowerCase() === 'objectclass')) return { code: 65, diagnostic: 'no objectClass attribute' };
      const entry: StoredEntry = {
        dn,
        attributes: new Map(attributes.map(({ name, values }) => [name.toLowerCase(), { name, values: [...values] }])),
      };
      for (const { attribute, value } of parts.rdn) {
        if (!entry.attributes.has(attribute.toLowerCase()))
          entry.attributes.set(attribute.toLowerCase(), { name: attribute, values: [Buffer.from(value)] });
      }
      const refusal = rules.add?.(entry, caller, directory) ?? null;
      if (refusal !== null) return refusal;
      entries.set(keyOf(dn), entry);
      rules.touched?.(entry, directory);
      return null;
    },
    modify(dn, changes, caller) {
      const entry = entries.get(keyOf(dn));
      if (entry === undefined) return NO_SUCH_OBJECT;
      const draft: StoredEntry = { dn: entry.dn, attributes: new Map(entry.attributes) };
      const left = [...changes];
      const refusal = rules.modify?.(draft, left, caller, directory) ?? null;
      if (refusal !== null) return refusal;
      for (const change of left) {
        const stopped = applied(draft, change);
        if (stopped !== null) return stopped;
      }
      entries.set(keyOf(dn), draft);
      rules.touched?.(draft, directory);
      return null;
    },
    modifyDn(dn, newRdn, newSuperior) {
      const entry = entries.get(keyOf(dn));
      const parts = splitDn(dn);
      const [rdn] = parseDn(newRdn) ?? [];
      if (entry === undefined || parts === null) return NO_SUCH_OBJECT;
      if (rdn === undefined) return { code: 34, diagnostic: 'invalid new RDN' };
      const parent = newSuperior ?? parts.parent;
      if (!entries.has(keyOf(parent))) return NO_SUCH_OBJECT;
      const to = `${newRdn},${parent}`;
      if (keyOf(to) !== keyOf(dn) && entries.has(keyOf(to))) return { code: 68, diagnostic: '' };
      const below = [...entries.values()].filter((each) => isWithin(each.dn, entry.dn));
      for (const each of below) {
        const renamed = each === entry ? to : `${each.dn.slice(0, each.dn.length - entry.dn.length)}${to}`;
        const moved = { dn: renamed, attributes: new Map(each.attributes) };
        entries.delete(keyOf(each.dn));
        entries.set(keyOf(renamed), moved);
        relink(each.dn, renamed);
        if (each === entry) {
          for (const part of rdn)
            moved.attributes.set(part.attribute.toLowerCase(), { name: part.attribute, values: [Buffer.from(part.value)] });
          rules.touched?.(moved, directory);
        }
      }
      return null;
    },
    remove(dn) {
      const entry = entries.get(keyOf(dn));
      if (entry === undefined) return NO_SUCH_OBJECT;
      if ([...entries.values()].some((each) => each !== entry && isWithin(each.dn, entry.dn))) return { code: 66, diagnostic: '' };
      entries.delete(keyOf(dn));
      relink(entry.dn, null);
      rules.removed?.(entry, directory);
      return null;
    },
    search(base, scope, filter) {
      const start = entries.get(keyOf(base));
      if (start === undefined) return NO_SUCH_OBJECT;
      const inScope = [...entries.values()].filter(({ dn }) => {
        if (scope === 0) return keyOf(dn) === keyOf(base);
        if (!isWithin(dn, base)) return false;
        return scope === 2 || keyOf(splitDn(dn)?.parent ?? '?') === keyOf(base);
      });
      return inScope.filter((entry) => matches(filter, directory.view(entry)));
    },
    view(entry) {
      return [...entry.attributes.values(), ...(rules.computed?.(entry, directory) ?? [])];
    },
  };
  return directory;
}
