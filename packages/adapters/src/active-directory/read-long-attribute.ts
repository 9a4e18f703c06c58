/** Attributes with more values than a domain controller gives at once (1,500): read on by range (MS-ADTS 3.1.1.3.1.3.3). */
import { type Directory, failed, type LdapEntry, type LdapResult } from '@nave/protocols';

const RANGES_MAX = 1_000;

/** All values of an attribute of an entry that was read with it. */
export async function readLongAttribute(directory: Directory, entry: LdapEntry, attribute: string): Promise<LdapResult<string[]>> {
  const values: string[] = [];
  let current: LdapEntry | null = entry;
  for (let turn = 0; turn < RANGES_MAX && current !== null; turn++) {
    const { found, next } = partOf(current, attribute);
    values.push(...found);
    if (next === null) return { ok: true, value: values };
    const read: LdapResult<LdapEntry | null> = await directory.read(entry.dn, [`${attribute};range=${next}-*`]);
    if (!read.ok) return read;
    current = read.value;
  }
  return failed('malformed', 'the server does not come to the end of a long attribute');
}

/** The values in one answer, and where the next range begins. */
function partOf({ attributes }: LdapEntry, attribute: string): { found: string[]; next: number | null } {
  const lower = attribute.toLowerCase();
  for (const { name, values } of attributes) {
    const [base, ...options] = name.toLowerCase().split(';');
    if (base !== lower) continue;
    const range = options.map((option) => /^range=\d+-(\d+|\*)$/.exec(option)).find((match) => match !== null);
    // With a range, the attribute itself is there too, empty.
    if (range === undefined && values.length === 0) continue;
    const last = range?.[1];
    const found = values.map((value) => value.toString('utf8'));
    return { found, next: last === undefined || last === '*' ? null : Number(last) + 1 };
  }
  return { found: [], next: null };
}
