/** The hub in the middle of the map, and how much comes in. */
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { useFormat } from '../../i18n/format.ts';
import styles from './map.module.css';
import { rateText } from './rate-text.ts';
import { useMapTexts } from './texts.ts';

export type HubNodeType = Node<{ perSecond: number | null; compact: boolean }, 'hub'>;

export function HubNode({ data }: NodeProps<HubNodeType>) {
  const t = useMapTexts();
  const format = useFormat();
  return (
    <div className={styles['hub']} data-compact={data.compact || undefined}>
      <strong>Nave</strong>
      <span className="numbers">{data.perSecond === null ? t.hub : t.hubRate(rateText(data.perSecond, format))}</span>
      <Handle type="source" position={Position.Top} className={styles['handle'] ?? ''} isConnectable={false} />
      <Handle type="target" position={Position.Top} className={styles['handle'] ?? ''} isConnectable={false} />
    </div>
  );
}
