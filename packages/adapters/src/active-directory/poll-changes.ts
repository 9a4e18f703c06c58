/** What changed in the directory since last time: by update sequence number, which counts within one domain controller and one life of its database. */
import type { PolledItem, PollPage, PollStart } from '@nave/adapter-kit';
import {
  allOf,
  buffersOf,
  type Directory,
  directoryOf,
  equal,
  failed,
  firstValue,
  isWithin,
  type LdapEntry,
  type LdapFilter,
  type LdapPool,
  type LdapResult,
  outcomeOfLdapFailure,
  valuesOf,
} from '@nave/protocols';
import { accountAttributes, accountJson, accountOf } from './account.ts';
import type { ActiveDirectoryConfig } from './config.ts';
import { guidText } from './object-guid.ts';
import { readLongAttribute } from './read-long-attribute.ts';

export interface PollScope {
  pool: LdapPool;
  config: ActiveDirectoryConfig;
  timeoutMs: number;
}

export interface PollRequest {
  cursor: string | null;
  limit: number;
  from: PollStart;
}

/** Where to go on. `resyncTo`: up to there changes are told again, because the domain controller is another one, or was restored. */
interface Cursor {
  invocationId: string;
  usn: number;
  resyncTo: number;
}

interface State {
  invocationId: string;
  highest: number;
  base: string;
}

const SHOW_DELETED = '1.2.840.113556.1.4.417';
const WINDOW = 1_000;
const WINDOW_MAX = 1_000_000_000;
const SEARCHES_MAX = 100;

/** One page. Needs the right to read deleted objects; without it deletions are not told. */
export async function pollChanges(
  { pool, config, timeoutMs }: PollScope,
  { cursor, limit, from }: PollRequest,
  signal: AbortSignal,
): Promise<PollPage> {
  const result = await pool.use(
    { timeoutMs, signal },
    async (leased): Promise<LdapResult<{ items: PolledItem[]; next: Cursor; more: boolean }>> => {
      const directory = directoryOf(leased);
      const state = await stateOf(directory);
      if (!state.ok) return state;
      const { invocationId, highest, base } = state.value;
      const known = readCursor(cursor);
      if (known === null && from === 'now')
        return { ok: true, value: { items: [], next: { invocationId, usn: highest, resyncTo: 0 }, more: false } };
      const same = known !== null && known.invocationId === invocationId && known.usn <= highest;
      const start: Cursor = same ? known : { invocationId, usn: 0, resyncTo: highest };
      return changesFrom(directory, config, { start, highest, base, limit });
    },
  );
  if (!result.ok) return { ok: false, outcome: outcomeOfLdapFailure(result.failure, result.sent) };
  const { items, next, more } = result.value;
  return { ok: true, items, cursor: JSON.stringify(next), more };
}

/** Goes through the numbers in windows: one number belongs to one object, so a window of so many numbers holds no more objects. */
async function changesFrom(
  directory: Directory,
  config: ActiveDirectoryConfig,
  { start, highest, base, limit }: { start: Cursor; highest: number; base: string; limit: number },
): Promise<LdapResult<{ items: PolledItem[]; next: Cursor; more: boolean }>> {
  const items: PolledItem[] = [];
  let at = start.usn;
  let width = WINDOW;
  for (let turn = 0; turn < SEARCHES_MAX && at < highest && items.length < limit; turn++) {
    const end = Math.min(highest, at + width);
    const found = await changedBetween(directory, config, base, at + 1, end, limit);
    if (!found.ok) return found;
    if (found.value.truncated && width > 1) {
      width = Math.max(1, Math.floor(width / 4));
      continue;
    }
    for (const entry of found.value.entries) {
      const item = await itemOf(directory, config, entry, start);
      if (!item.ok) return item;
      if (item.value !== null) items.push(item.value);
    }
    at = end;
    // A restart from zero meets long stretches in which nothing is left.
    width = found.value.entries.length === 0 ? Math.min(WINDOW_MAX, width * 8) : WINDOW;
  }
  const next = { ...start, usn: at };
  return { ok: true, value: { items, next, more: at < highest } };
}

async function changedBetween(directory: Directory, config: ActiveDirectoryConfig, base: string, from: number, to: number, limit: number) {
  const number = (kind: 'atLeast' | 'atMost', value: number): LdapFilter => ({
    kind,
    attribute: 'uSNChanged',
    value: Buffer.from(String(value)),
  });
  const kinds: LdapFilter = { kind: 'or', filters: [equal('objectClass', 'user'), equal('objectClass', 'group')] };
  const filter = allOf(kinds, { kind: 'not', filter: equal('objectClass', 'computer') }, number('atLeast', from), number('atMost', to));
  const attributes = [...accountAttributes(config), 'objectClass', 'uSNChanged', 'isDeleted', 'lastKnownParent', 'member'];
  const found = await directory.search({ base, scope: 'sub', filter, attributes, limit: Math.max(limit, 1), controls: [SHOW_DELETED] });
  if (!found.ok) return found;
  const entries = [...found.value.entries].sort((a, b) => usnOf(a) - usnOf(b));
  return { ok: true, value: { entries, truncated: found.value.truncated } } as const;
}

async function itemOf(
  directory: Directory,
  config: ActiveDirectoryConfig,
  entry: LdapEntry,
  start: Cursor,
): Promise<LdapResult<PolledItem | null>> {
  const [bytes] = buffersOf(entry, 'objectGUID');
  const guid = bytes === undefined ? null : guidText(bytes);
  if (guid === null) return { ok: true, value: null };
  const usn = usnOf(entry);
  const group = valuesOf(entry, 'objectClass').some((name) => name.toLowerCase() === 'group');
  const deleted = firstValue(entry, 'isDeleted')?.toUpperCase() === 'TRUE';
  const where = deleted ? (firstValue(entry, 'lastKnownParent') ?? '') : entry.dn;
  if (!isWithin(where, config.baseDn)) return { ok: true, value: null };
  const common = { objectGUID: guid, resync: usn <= start.resyncTo };
  const item = (type: string, data: object): LdapResult<PolledItem> => ({
    ok: true,
    value: { type, data: { ...common, ...data }, idempotencyKey: `${start.invocationId}:${guid}:${usn}`, orderingKey: guid },
  });
  if (deleted)
    return item(group ? 'group.deleted' : 'account.deleted', { name: firstValue(entry, 'sAMAccountName'), lastKnownParent: where });
  if (group) {
    const members = await readLongAttribute(directory, entry, 'member');
    return members.ok
      ? item('group.changed', { dn: entry.dn, name: firstValue(entry, 'sAMAccountName'), members: members.value })
      : members;
  }
  const account = accountOf(entry, valuesOf(entry, 'memberOf'), config);
  // Without its user name an account cannot be told of: whoever may not read that may not read the rest.
  return account.ok ? item('account.changed', accountJson(account.value, config)) : { ok: true, value: null };
}

/** Which domain controller answers, which life of its database it is in, and how far that has come. */
async function stateOf(directory: Directory): Promise<LdapResult<State>> {
  const root = await directory.root(['dsServiceName', 'highestCommittedUSN', 'defaultNamingContext']);
  if (!root.ok) return root;
  const [service, usn, base] = ['dsServiceName', 'highestCommittedUSN', 'defaultNamingContext'].map((name) =>
    root.value === null ? null : firstValue(root.value, name),
  );
  if (!service || !base || !usn || !/^\d{1,15}$/.test(usn))
    return failed('invalid', 'the server does not say what a domain controller says of itself');
  const settings = await directory.read(service, ['invocationId']);
  if (!settings.ok) return settings;
  const [id] = settings.value === null ? [] : buffersOf(settings.value, 'invocationId');
  const invocationId = id === undefined ? null : guidText(id);
  if (invocationId === null) return failed('invalid', 'the invocationId of the domain controller cannot be read');
  return { ok: true, value: { invocationId, highest: Number(usn), base } };
}

/** Null for none. One that cannot be read fits no domain controller: everything is told again then. */
function readCursor(text: string | null): Cursor | null {
  if (text === null) return null;
  const parsed: unknown = parseJson(text);
  const at = (name: string): unknown => (typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined);
  const [invocationId, usn, resyncTo] = [at('invocationId'), at('usn'), at('resyncTo')];
  if (typeof invocationId !== 'string' || typeof usn !== 'number' || typeof resyncTo !== 'number')
    return { invocationId: '', usn: 0, resyncTo: 0 };
  return { invocationId, usn, resyncTo };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function usnOf(entry: LdapEntry): number {
  return Number(firstValue(entry, 'uSNChanged') ?? '0');
}
