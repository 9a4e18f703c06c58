/** A system on the map: its initials and name, how it is, how much waits and for how long. A link, so that it can be reached by keys and opened elsewhere. */
import { Link } from '@tanstack/react-router';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { type CSSProperties, memo } from 'react';
import { type Format, useFormat } from '../../i18n/format.ts';
import { stateSign, stateTone, useStateWord } from '../../parts/state-badge.tsx';
import { KindLogo } from '../spokes/api.ts';
import styles from './map.module.css';
import type { MapSpoke } from './map-model.ts';
import { rateText } from './rate-text.ts';
import { useMapTexts } from './texts.ts';

export interface SpokeNodeData extends Record<string, unknown> {
  spoke: MapSpoke;
  compact: boolean;
  /** Of the family it leads, else null. */
  family: string | null;
  /** It stands below the hub: its links come from above. */
  below: boolean;
  /** Fits what is searched for. */
  found: boolean;
  chosen: boolean;
}

export type SpokeNodeType = Node<SpokeNodeData, 'spoke'>;

export const SpokeNode = memo(function SpokeNode({ data }: NodeProps<SpokeNodeType>) {
  const { spoke, compact, family, below, found, chosen } = data;
  const t = useMapTexts();
  const format = useFormat();
  const word = useStateWord();
  const tone = stateTone(spoke.state);
  const style: CSSProperties & Record<'--tone' | '--tone-soft', string> = {
    '--tone': `var(--${tone})`,
    '--tone-soft': `var(--${tone}-soft)`,
  };
  const facts = waitFacts(spoke, format);
  // Of names that differ by a number at their end, that stays.
  const cut = spoke.title.length - (/\d{1,4}$/.exec(spoke.title)?.[0].length ?? 0);
  const calm = spoke.state === 'healthy' || spoke.state === 'idle';
  const rate = rateFact(spoke, format);
  const shown = facts ?? rate;
  return (
    <>
      {family === null ? null : (
        <span className={styles['family']} data-below={below || undefined} aria-hidden>
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
        data-node={spoke.name}
        data-state={spoke.state}
        data-calm={calm || undefined}
        data-compact={compact || undefined}
        data-found={found || undefined}
        {...(chosen ? { 'aria-current': 'true' as const } : {})}
      >
        <span className={styles['nodeTitle']}>
          <KindLogo kind={spoke.kind} title={spoke.title} size={compact ? 15 : 20} />
          <span className={styles['nodeName']}>{spoke.title.slice(0, cut)}</span>
          <span className={styles['nodeNameEnd']}>{spoke.title.slice(cut)}</span>
        </span>
        <span className={styles['nodeFacts']}>
          <span className={styles['nodeState']}>
            <span aria-hidden>{stateSign(spoke.state)}</span>{' '}
            <span className={compact && calm && shown !== null ? 'visually-hidden' : ''}>{word(spoke.state)}</span>
          </span>
          {facts === null ? (
            rate === null ? null : (
              <span className={styles['nodeShown']}>{rate}</span>
            )
          ) : (
            <span className={styles['nodeShown']}>
              {format.compact(facts.waiting)} <span className={compact && !calm ? 'visually-hidden' : ''}>{t.waits}</span>
              {facts.oldest === null || (compact && !calm) ? null : (
                <>
                  {' · '}
                  <span className="visually-hidden">{t.oldest}</span> {facts.oldest}
                </>
              )}
            </span>
          )}
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
  return received > sent ? `↑ ${rateText(received, format)}` : `↓ ${rateText(sent, format)}`;
}
