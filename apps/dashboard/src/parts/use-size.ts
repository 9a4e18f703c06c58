/** How wide an element is inside, and how wide its scroll bar. */
import { type RefObject, useLayoutEffect, useState } from 'react';

/** @returns pixels; 0 before the first look. @param on whether the element is there */
export function useSize(element: RefObject<HTMLElement | null>, on: boolean): { inner: number; bar: number } {
  const [size, setSize] = useState({ inner: 0, bar: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null || !on) return;
    const look = () => {
      const next = { inner: target.clientWidth, bar: target.offsetWidth - target.clientWidth };
      setSize((last) => (last.inner === next.inner && last.bar === next.bar ? last : next));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, on]);
  return size;
}
