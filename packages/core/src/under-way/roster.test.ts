import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Roster, type RosterMember } from './roster.ts';

describe('Roster', () => {
  it('holds what a set would hold, whatever comes and goes', () => {
    const change = fc.record({ add: fc.boolean(), which: fc.nat({ max: 9 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const members = Array.from({ length: 10 }, (): RosterMember => ({ place: -1 }));
        const roster = new Roster<RosterMember>();
        const set = new Set<RosterMember>();
        for (const { add, which } of changes) {
          const member = members[which] ?? { place: -1 };
          if (add && !set.has(member)) {
            roster.add(member);
            set.add(member);
          } else if (!add) {
            roster.delete(member);
            set.delete(member);
          }
          expect(members.map((each) => roster.has(each))).toEqual(members.map((each) => set.has(each)));
          expect(new Set(roster.all())).toEqual(set);
        }
      }),
    );
  });

  it('gives a list of its own', () => {
    const roster = new Roster<RosterMember>();
    const member = { place: -1 };
    roster.add(member);
    for (const each of roster.all()) roster.delete(each);
    expect(roster.all()).toEqual([]);
  });
});
