/** How a queue is: what keeps it back as badges, and all that is the matter in sentences, the worst first. */
import { useFormat } from '../../i18n/format.ts';
import { useNow } from '../../parts/time.tsx';
import { useAnswerTexts } from './answer-texts.ts';
import { FlowBadges } from './flow-badges.tsx';
import type { QueueRow } from './queue-attention.ts';
import styles from './queues.module.css';

export function QueueStory({ row }: { row: QueueRow }) {
  const answer = useAnswerTexts();
  const format = useFormat();
  const nowMs = useNow();
  return (
    <div className={styles['section']} role="status">
      <div className={styles['badges']}>
        <FlowBadges queue={row.queue} enabled={row.enabled} throttled={row.troubles.includes('throttled')} />
      </div>
      {row.troubles.map((trouble) => (
        <p key={trouble}>{answer.trouble(row, trouble, { format, nowMs })}.</p>
      ))}
    </div>
  );
}
