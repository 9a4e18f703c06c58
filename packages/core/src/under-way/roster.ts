/**
 * What is under way: members come and go thousands of times a second. A `Set` would keep them longer than they last: V8 makes it a new table every few dozen
 * changes, each old table points to the next, and once one of them has grown old unused, everything that stood in any later one is taken for alive until the
 * next full garbage collection (docs/performance.md, "Maps and sets of what is under way").
 */

/** What can stand in a roster, in one at a time. */
export interface RosterMember {
  /** Kept by the roster; -1 while it stands in none. */
  place: number;
}

export class Roster<Member extends RosterMember> {
  readonly #members: Member[] = [];

  /** Adds a member that stands in no roster. */
  add(member: Member): void {
    member.place = this.#members.length;
    this.#members.push(member);
  }

  /** Takes a member out; nothing happens when it is not in here. The last one takes its place. */
  delete(member: Member): void {
    if (!this.has(member)) return;
    const last = this.#members.pop();
    if (last !== undefined && last !== member) {
      this.#members[member.place] = last;
      last.place = member.place;
    }
    member.place = -1;
  }

  has(member: Member): boolean {
    return this.#members[member.place] === member;
  }

  /** All members now, in no order; what is added or taken out later does not change it. */
  all(): Member[] {
    return [...this.#members];
  }
}
