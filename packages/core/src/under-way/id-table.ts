/**
 * What is under way, found by its id. A `Map` would keep it longer than it lasts, as a `Set` does (see `Roster`): the members stand in chains of a table that is
 * never replaced, and one that leaves points to no other.
 */

/** What can stand in such a table, in one at a time. */
export interface IdTableMember<Member> {
  /** Its last eight characters are hexadecimal digits and differ between most ids, as those of a UUID do. */
  readonly id: string;
  /** Kept by the table: the next one of its chain. */
  following: Member | null;
}

/** For thousands under way a chain has a few members. */
const CHAINS = 1_024;

export class IdTable<Member extends IdTableMember<Member>> {
  readonly #chains: (Member | null)[] = Array.from({ length: CHAINS }, () => null);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: string): Member | null {
    let member = this.#chains[chainOf(id)] ?? null;
    while (member !== null && member.id !== id) member = member.following;
    return member;
  }

  /** Takes the place of the one with the same id. */
  set(member: Member): void {
    const former = this.get(member.id);
    if (former !== null) this.delete(former);
    const chain = chainOf(member.id);
    member.following = this.#chains[chain] ?? null;
    this.#chains[chain] = member;
    this.#size += 1;
  }

  /** Nothing happens when this very member is not in here. */
  delete(member: Member): void {
    const chain = chainOf(member.id);
    let before: Member | null = null;
    let at = this.#chains[chain] ?? null;
    while (at !== null && at !== member) {
      before = at;
      at = at.following;
    }
    if (at === null) return;
    if (before === null) this.#chains[chain] = at.following;
    else before.following = at.following;
    at.following = null;
    this.#size -= 1;
  }

  /** All members now, in no order. */
  all(): Member[] {
    const members: Member[] = [];
    for (const first of this.#chains) for (let member = first; member !== null; member = member.following) members.push(member);
    return members;
  }
}

function chainOf(id: string): number {
  let hash = 0;
  for (let at = id.length - 8; at < id.length; at++) hash = (hash * 31 + id.charCodeAt(at)) | 0;
  return (hash & 0x7fffffff) % CHAINS;
}
