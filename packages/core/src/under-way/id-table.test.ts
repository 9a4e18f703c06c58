import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdTable, type IdTableMember } from './id-table.ts';

interface Member extends IdTableMember<Member> {
  value: number;
}

const member = (id: string, value = 0): Member => ({ id, value, following: null });

describe('IdTable', () => {
  it('holds what a map would hold, whatever comes and goes', () => {
    // Short ids of two letters come again and again.
    const id = fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 }), fc.uuid());
    fc.assert(
      fc.property(fc.array(fc.record({ set: fc.boolean(), id, value: fc.nat() }), { maxLength: 200 }), (changes) => {
        const table = new IdTable<Member>();
        const map = new Map<string, Member>();
        for (const change of changes) {
          const known = map.get(change.id);
          if (change.set) {
            const next = member(change.id, change.value);
            table.set(next);
            map.set(next.id, next);
          } else if (known !== undefined) {
            table.delete(known);
            map.delete(known.id);
            expect(known.following).toBeNull();
          }
          expect(table.get(change.id)).toBe(map.get(change.id) ?? null);
          expect(table.size).toBe(map.size);
        }
        expect(new Set(table.all())).toEqual(new Set(map.values()));
      }),
    );
  });

  it('finds each of many that share chains', () => {
    const table = new IdTable<Member>();
    const members = Array.from({ length: 5_000 }, (_, n) => member(`0198c1f2-0000-7000-8000-${n.toString(16).padStart(12, '0')}`, n));
    for (const each of members) table.set(each);
    for (const each of members) if (each.value % 3 === 0) table.delete(each);
    // What has left must not keep the next one of its chain.
    expect(members.filter(({ value, following }) => value % 3 === 0 && following !== null)).toEqual([]);
    for (const each of members) expect(table.get(each.id)).toBe(each.value % 3 === 0 ? null : each);
    expect(table.size).toBe(3_333);
  });

  it('lets go of a member that another one of the same id has replaced', () => {
    const table = new IdTable<Member>();
    const [former, next] = [member('same', 1), member('same', 2)];
    table.set(former);
    table.set(next);
    table.delete(former);
    expect(table.get('same')).toBe(next);
    expect(table.all()).toEqual([next]);
  });
});
