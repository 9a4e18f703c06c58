/** Dots that run along the links: each stands for something that really happened. Made without React, few at a time, none where motion is not wanted. */
import { ViewportPortal } from '@xyflow/react';
import { useMemo, useRef } from 'react';
import { useLive } from '../../api/live.ts';
import { useMedia } from '../../parts/use-media.ts';
import styles from './map.module.css';
import type { Strand } from './map-strands.ts';
import { pulsesOf } from './pulses-of.ts';

const RUN_MS = 900;
const RUNNING_MAX = 40;

export function Pulses({ strands }: { strands: readonly Strand[] }) {
  const still = useMedia('(prefers-reduced-motion: reduce)');
  return still ? null : <Running strands={strands} />;
}

function Running({ strands }: { strands: readonly Strand[] }) {
  const layer = useRef<HTMLDivElement>(null);
  const paths = useMemo(() => new Map(strands.map(({ id, path }) => [id, path])), [strands]);
  useLive((batch) => {
    if (layer.current === null || document.hidden) return;
    for (const { strand, tone, count } of pulsesOf(batch, strands)) {
      const path = paths.get(strand);
      if (path === undefined || layer.current.childElementCount >= RUNNING_MAX) continue;
      run(layer.current, path, tone, count);
    }
  });
  return (
    <ViewportPortal>
      <div ref={layer} className={styles['pulses']} aria-hidden />
    </ViewportPortal>
  );
}

function run(layer: HTMLElement, path: string, tone: string, count: number): void {
  const dot = document.createElement('div');
  const size = Math.min(14, 7 + Math.log2(count) * 2);
  Object.assign(dot.style, {
    ...{ position: 'absolute', left: '0', top: '0', width: `${size}px`, height: `${size}px`, borderRadius: '50%' },
    ...{ background: `var(--${tone})`, boxShadow: `0 0 0 2px var(--panel)`, offsetPath: `path("${path}")`, offsetRotate: '0deg' },
  });
  layer.append(dot);
  const moved = dot.animate([{ offsetDistance: '0%' }, { offsetDistance: '100%' }], { duration: RUN_MS, easing: 'ease-in-out' });
  const end = () => dot.remove();
  moved.onfinish = end;
  moved.oncancel = end;
}
