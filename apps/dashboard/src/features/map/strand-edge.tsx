/** One link of the map: as wide as its traffic, coloured by its health, with its sign and word when something is wrong. */
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { type CSSProperties, memo } from 'react';
import { stateTone } from '../../parts/state-badge.tsx';
import { linkLook, useLinkWord } from './link-look.ts';
import styles from './map.module.css';
import type { Strand } from './map-strands.ts';

export interface StrandData extends Record<string, unknown> {
  strand: Strand;
  width: number;
  compact: boolean;
  /** Says what is wrong; of several beside each other only one does. */
  labelled: boolean;
  /** Something else is looked at. */
  aside: boolean;
}

export type StrandEdgeType = Edge<StrandData, 'strand'>;

export const StrandEdge = memo(function StrandEdge({ data, id }: EdgeProps<StrandEdgeType>) {
  const word = useLinkWord();
  if (data === undefined) return null;
  const { strand, width, compact, labelled, aside } = data;
  const { colour, sign, dash } = linkLook(strand.state);
  const { end, middle } = strand;
  const arrow = Math.max(4, Math.min(8, width + 3));
  const quiet = strand.state === 'idle' || strand.state === 'disabled';
  const style: CSSProperties = {
    stroke: colour,
    strokeWidth: width,
    opacity: aside ? 0.15 : quiet ? 0.55 : 0.85,
    ...(dash ? { strokeDasharray: dash } : {}),
  };
  const label: CSSProperties & Record<'--tone' | '--tone-soft', string> = {
    transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)`,
    '--tone': `var(--${stateTone(strand.state)})`,
    '--tone-soft': `var(--${stateTone(strand.state)}-soft)`,
  };
  return (
    <>
      <BaseEdge id={id} path={strand.path} style={style} interactionWidth={compact ? 12 : 18} />
      <polygon
        points={`0,0 ${-arrow * 1.6},${arrow * 0.7} ${-arrow * 1.6},${-arrow * 0.7}`}
        transform={`translate(${end.x} ${end.y}) rotate(${end.angle})`}
        style={{ fill: colour, opacity: style.opacity }}
      />
      {labelled && !aside ? (
        <EdgeLabelRenderer>
          <div className={styles['strandLabel']} style={label} aria-hidden>
            {sign} {compact ? null : word(strand.state)}
          </div>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
});
