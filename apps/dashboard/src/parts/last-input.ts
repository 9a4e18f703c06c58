/** Whether the last thing done was done by key or by pointer: what opens by key takes the focus, what opens by a click leaves it. */
let last: 'keyboard' | 'pointer' = 'pointer';

if (typeof window !== 'undefined') {
  const listen = { capture: true, passive: true };
  window.addEventListener('keydown', () => (last = 'keyboard'), listen);
  window.addEventListener('pointerdown', () => (last = 'pointer'), listen);
}

export function lastInput(): 'keyboard' | 'pointer' {
  return last;
}
