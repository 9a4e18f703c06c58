/** A system on the map: its initials and name, how it is, how much waits and for how long. A link, so that it can be reached by keys and opened elsewhere. */
import { Link } from '@tanstack/react-router';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { type CSSProperties, memo } from 'react';
import { type Format, useFormat } from '../../i18n/format.ts';
import { stateSign, stateTone, useStateWord } from '../../parts/state-badge.tsx';
import { KindLogo } from '../spokes/api.ts';
import styles from './map.module.css';
import type { MapSpoke } from './map-model.ts';
import { useMapTexts } from './texts.ts';

export interface SpokeNodeData extends Record<string, unknown> {
  spoke: MapSpoke;
  compact: boolean;
  /** Of the family it leads, else null. */
  family: string | null;
  /** Fits what is searched for. */
  found: boolean;
  chosen: boolean;
}

export type SpokeNodeType = Node<SpokeNodeData, 'spoke'>;

export const SpokeNode = memo(function SpokeNode({ data }: NodeProps<SpokeNodeType>) {
  const { spoke, compact, family, found, chosen } = data;
  const t = useMapTexts();
  const format = useFormat();
  const word = useStateWord();
  const tone = stateTone(spoke.state);
  const style: CSSProperties & Record<'--tone' | '--tone-soft', string> = {
    '--tone': `var(--${tone})`,
    '--tone-soft': `var(--${tone}-soft)`,
  };
  const facts = waitFacts(spoke, format);
  const spoken =
    facts === null
      ? (rateFact(spoke, format) ?? '')
      : `${t.waiting(facts.waiting)}${facts.oldest === null ? '' : `, ${t.oldest} ${facts.oldest}`}`;
  const shown =
    facts === null ? rateFact(spoke, format) : `${format.compact(facts.waiting)} ${facts.oldest === null ? t.waits : `· ${facts.oldest}`}`;
  return (
    <>
      {family === null ? null : (
        <span className={styles['family']} aria-hidden>
          {family}
        </span>
      )}
      <Link
        to="/map"
        search={(before) => ({ ...before, select: spoke.name })}
        className={styles['node']}
        style={style}
        draggable={false}
        title={spoke.title}
        aria-label={t.nodeLabel(spoke.title, word(spoke.state), spoken)}
        data-node={spoke.name}
        data-state={spoke.state}
        data-calm={spoke.state === 'healthy' || spoke.state === 'idle' || undefined}
        data-compact={compact || undefined}
        data-found={found || undefined}
        {...(chosen ? { 'aria-current': 'true' as const } : {})}
      >
        <span className={styles['nodeTitle']}>
          <KindLogo kind={spoke.kind} title={spoke.title} size={compact ? 15 : 20} />
          <span className={styles['nodeName']}>{spoke.title}</span>
        </span>
        <span className={styles['nodeFacts']}>
          <span className={styles['nodeState']}>
            {stateSign(spoke.state)} {compact && shown !== null && data.spoke.state !== 'idle' ? null : word(spoke.state)}
          </span>
          {shown === null ? null : <span className={styles['nodeShown']}>{shown}</span>}
        </span>
      </Link>
      <Handle type="source" position={Position.Top} className={styles['handle'] ?? ''} isConnectable={false} />
      <Handle type="target" position={Position.Top} className={styles['handle'] ?? ''} isConnectable={false} />
    </>
  );
});

/** Null: nothing waits. */
function waitFacts({ row, queue }: MapSpoke, format: Format): { waiting: number; oldest: string | null } | null {
  if (row === null || queue === null || row.waiting === 0) return null;
  return { waiting: row.waiting, oldest: queue.oldestSeconds < 1 ? null : format.span(Math.round(queue.oldestSeconds) * 1_000) };
}

/** What flows, the larger direction; null without traffic. */
function rateFact({ receivedPerSecond, sentPerSecond }: MapSpoke, format: Format): string | null {
  const [received, sent] = [receivedPerSecond ?? 0, sentPerSecond ?? 0];
  if (received === 0 && sent === 0) return null;
  return received > sent ? `↑ ${format.rate(received)}` : `↓ ${format.rate(sent)}`;
}
