/** What can be asked of a directory over one leased connection: small steps that kinds put together. */
import { childrenOf, MalformedBer, readTlv, type Tlv } from './ber.ts';
import type { LdapAttribute, LdapEntry } from './decode-message.ts';
import type { LdapChange } from './encode-request.ts';
import { allOf, type LdapFilter } from './filter.ts';
import { failed, type LdapResult } from './ldap-failure.ts';
import type { LeasedSession } from './ldap-pool.ts';
import { PASSWORD_MODIFY, passwordModifyRequest } from './password-modify.ts';
import { LDAP } from './result-codes.ts';
import { LDAP_ENTRIES_MAX } from './session.ts';

export interface SearchQuery {
  base: string;
  scope: 'base' | 'one' | 'sub';
  filter: LdapFilter;
  /** Empty = all user attributes. */
  attributes: readonly string[];
  /** Entries wanted at most; at most 10,000. */
  limit: number;
  /** Default 500. */
  pageSize?: number;
  /** Object identifiers of further controls without a value. */
  controls?: readonly string[];
}

export interface Found {
  entries: readonly LdapEntry[];
  /** There are more than were wanted, or than the server gives. */
  truncated: boolean;
}

export interface Directory {
  search(query: SearchQuery): Promise<LdapResult<Found>>;
  /** One entry by name, null when there is none. */
  read(dn: string, attributes: readonly string[]): Promise<LdapResult<LdapEntry | null>>;
  add(dn: string, attributes: readonly LdapAttribute[]): Promise<LdapResult<null>>;
  modify(dn: string, changes: readonly LdapChange[]): Promise<LdapResult<null>>;
  /** @param newSuperior null = stays where it is */
  modifyDn(dn: string, newRdn: string, newSuperior: string | null): Promise<LdapResult<null>>;
  remove(dn: string): Promise<LdapResult<null>>;
  compare(dn: string, attribute: string, value: string): Promise<LdapResult<boolean>>;
  /** RFC 3062. */
  setPassword(dn: string, password: string): Promise<LdapResult<null>>;
  /** The entry the server describes itself in. */
  root(attributes: readonly string[]): Promise<LdapResult<LdapEntry | null>>;
}

const PAGED_RESULTS = '1.2.840.113556.1.4.319';
const PAGE_SIZE = 500;
const PAGES_MAX = 1_000;
const ANYTHING: LdapFilter = { kind: 'present', attribute: 'objectClass' };

/** Every step takes from the time of the lease. */
export function directoryOf({ session, deadline }: LeasedSession): Directory {
  const timeLimitS = (): number => Math.max(1, Math.ceil(deadline.leftMs() / 1_000));
  const done = async (request: Parameters<typeof session.call>[0]): Promise<LdapResult<null>> => {
    const asked = await session.call(request, deadline);
    return asked.ok ? { ok: true, value: null } : asked;
  };

  async function search(query: SearchQuery): Promise<LdapResult<Found>> {
    const limit = Math.min(query.limit, LDAP_ENTRIES_MAX);
    const entries: LdapEntry[] = [];
    let bytes = 0;
    let cookie: Buffer = Buffer.alloc(0);
    for (let page = 0; page < PAGES_MAX; page++) {
      const { base, scope, filter, attributes, controls = [], pageSize = PAGE_SIZE } = query;
      const paged = scope === 'base' ? null : { size: Math.min(pageSize, limit - entries.length + 1), cookie };
      const asked = await session.call(
        { op: 'search', base, scope, filter, attributes, sizeLimit: 0, timeLimitS: timeLimitS(), page: paged, controls },
        deadline,
        [LDAP.success, LDAP.sizeLimitExceeded],
      );
      if (!asked.ok) return asked;
      const { answer, entries: found } = asked.value;
      entries.push(...found);
      bytes += found.reduce((sum, entry) => sum + sizeOf(entry), 0);
      if (bytes > OUTPUT_BYTES_MAX) return failed('oversized', 'the search found too much to hold');
      const next = cookieOf(asked.value.controls);
      if (next === null) return failed('malformed', 'the server answered with a page of unknown form');
      if (entries.length > limit) return { ok: true, value: { entries: entries.slice(0, limit), truncated: true } };
      if (next.length === 0) return { ok: true, value: { entries, truncated: answer.code === LDAP.sizeLimitExceeded } };
      cookie = next;
    }
    return failed('oversized', 'the search has too many pages');
  }

  async function read(dn: string, attributes: readonly string[], filter = ANYTHING): Promise<LdapResult<LdapEntry | null>> {
    const asked = await session.call(
      { op: 'search', base: dn, scope: 'base', filter, attributes, sizeLimit: 0, timeLimitS: timeLimitS(), page: null, controls: [] },
      deadline,
      [LDAP.success, LDAP.noSuchObject],
    );
    return asked.ok ? { ok: true, value: asked.value.entries[0] ?? null } : asked;
  }

  return {
    search,
    read: (dn, attributes) => read(dn, attributes),
    root: (attributes) => read('', attributes, allOf(ANYTHING)),
    add: (dn, attributes) => done({ op: 'add', dn, attributes }),
    modify: (dn, changes) => done({ op: 'modify', dn, changes }),
    modifyDn: (dn, newRdn, newSuperior) => done({ op: 'modifyDn', dn, newRdn, newSuperior }),
    remove: (dn) => done({ op: 'delete', dn }),
    async compare(dn, attribute, value) {
      const asked = await session.call({ op: 'compare', dn, attribute, value }, deadline, [LDAP.compareTrue, LDAP.compareFalse]);
      return asked.ok ? { ok: true, value: asked.value.answer.code === LDAP.compareTrue } : asked;
    },
    setPassword: (dn, password) => done({ op: 'extended', oid: PASSWORD_MODIFY, value: passwordModifyRequest(dn, password) }),
  };
}

/** What the hub takes of an answer: an output is kept with the delivery. */
const OUTPUT_BYTES_MAX = 10 * 1024 * 1024;

/** RFC 2696. Empty when there are no more pages; null when it cannot be read. */
function cookieOf(controls: readonly { oid: string; value: Buffer }[]): Buffer | null {
  const control = controls.find(({ oid }) => oid === PAGED_RESULTS);
  if (control === undefined) return Buffer.alloc(0);
  try {
    const parts: Tlv[] = childrenOf(readTlv(control.value, 0).value);
    return parts[1]?.value ?? Buffer.alloc(0);
  } catch (error) {
    if (error instanceof MalformedBer) return null;
    throw error;
  }
}

function sizeOf({ dn, attributes }: LdapEntry): number {
  return attributes.reduce((sum, { name, values }) => sum + name.length + values.reduce((all, value) => all + value.length, 0), dn.length);
}
