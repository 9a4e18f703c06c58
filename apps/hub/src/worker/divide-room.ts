/** How the free slots of a process are divided among the spokes that have something to deliver. */

export interface RoomWish {
  /** What the spoke could start now, by its own limits. */
  free: number;
  /** Under way, or being claimed. */
  active: number;
  /** Lately its deliveries ended within moments, and none is under way for longer. */
  quick: boolean;
}

/** The rest of the process is for spokes that are known to be quick: spokes that hang can fill everything but that. */
const RESERVE_SHARE = 0.25;

/**
 * Everybody gets the same, and what one does not need goes to the others. Spokes that are not known to be quick share three quarters of the process; beyond,
 * one that has nothing under way may try one delivery, up to the last eighth. No spoke alone gets that, however quick: it could begin to hang.
 * @param room what may be started in all
 * @param max deliveries under way at once in the process
 * @param slow under way for all spokes that are not known to be quick
 * @returns for each wish, in order
 */
export function divideRoom(wishes: readonly RoomWish[], room: number, max: number, slow: number): number[] {
  const reserve = Math.floor(max * RESERVE_SHARE);
  const last = Math.floor(reserve / 2);
  const given = wishes.map(() => 0);
  let left = room;
  let slowLeft = max - reserve - slow;
  let tryLeft = max - last - slow;

  const more = (n: number): number => {
    const wish = wishes[n];
    if (wish === undefined) return 0;
    const has = given[n] ?? 0;
    const most = Math.min(wish.free - has, max - last - wish.active - has, left);
    if (wish.quick) return Math.max(0, most);
    const first = wish.active + has === 0 && tryLeft > 0 ? 1 : 0;
    return Math.max(0, Math.min(most, Math.max(slowLeft, first)));
  };

  let open = wishes.map((_, n) => n);
  while (left > 0 && open.length > 0) {
    const each = Math.max(1, Math.floor(left / open.length));
    for (const n of open) {
      const take = Math.min(each, more(n));
      given[n] = (given[n] ?? 0) + take;
      left -= take;
      if (wishes[n]?.quick !== false) continue;
      slowLeft -= take;
      tryLeft -= take;
    }
    open = open.filter((n) => more(n) > 0);
  }
  return given;
}
