/** The width of the detail panel: kept between what can be read and what leaves the list usable. */
export const PANEL_MIN = 360;
/** What the list keeps at least. */
const LIST_MIN = 320;
const PANEL_STEP = 24;

/** @param room width of list and panel together, in pixels */
export function panelMax(room: number): number {
  return Math.max(PANEL_MIN, Math.floor(room - LIST_MIN));
}

/** @param wanted pixels. @returns whole pixels within the bounds */
export function panelWidth(wanted: number, room: number): number {
  return Math.round(Math.min(panelMax(room), Math.max(PANEL_MIN, Number.isFinite(wanted) ? wanted : PANEL_MIN)));
}

/** What a key does to the width: the panel is at the right, so left makes it wider. @returns null for other keys */
export function panelKey(key: string, width: number, room: number): number | null {
  if (key === 'ArrowLeft') return panelWidth(width + PANEL_STEP, room);
  if (key === 'ArrowRight') return panelWidth(width - PANEL_STEP, room);
  if (key === 'Home') return PANEL_MIN;
  return key === 'End' ? panelMax(room) : null;
}
