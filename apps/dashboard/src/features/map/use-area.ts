/** The room for the map. In steps, so that dragging an edge does not move everything with each pixel. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Size } from './map-layout.ts';

const STEP = 20;

/** Null before the first look, and while there is none. */
export function useArea(box: RefObject<HTMLElement | null>): Size | null {
  const [area, setArea] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const target = box.current;
    if (target === null) return;
    const look = () => {
      const next = { width: stepped(target.clientWidth), height: stepped(target.clientHeight) };
      if (next.width === 0 || next.height === 0) return;
      setArea((last) => (last !== null && last.width === next.width && last.height === next.height ? last : next));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(target);
    return () => observer.disconnect();
  }, [box]);
  return area;
}

function stepped(pixels: number): number {
  return Math.floor(pixels / STEP) * STEP;
}
