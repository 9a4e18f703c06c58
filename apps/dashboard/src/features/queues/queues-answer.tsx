/** What waits where and why, in a sentence, with the one action that helps. */
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { Button, buttonClass } from '../../parts/button.tsx';
import { useNow } from '../../parts/time.tsx';
import { useAnswerTexts } from './answer-texts.ts';
import { byAttention, type QueueRow } from './queue-attention.ts';
import styles from './queues.module.css';

export interface QueuesAnswerProps {
  /** All queues. */
  rows: readonly QueueRow[];
  /** Asks before one goes on. */
  onResume: (spoke: string) => void;
  /** Said when nothing is the matter, in place of the words of the queues. */
  calm?: string;
  /** How many more have troubles. */
  more?: (count: number) => string;
}

export function QueuesAnswer({ rows, onResume, calm, more: sayMore }: QueuesAnswerProps) {
  const t = useAnswerTexts();
  const format = useFormat();
  const nowMs = useNow();
  const troubled = rows.filter(({ troubles }) => troubles.length > 0).sort(byAttention);
  const [worst] = troubled;
  const trouble = worst?.troubles[0];
  if (worst === undefined || trouble === undefined) {
    if (calm !== undefined) return calm;
    const rate = rows.reduce((sum, { queue }) => sum + queue.ratePerSecond, 0);
    const waiting = rows.reduce((sum, row) => sum + row.waiting, 0);
    return t.calm(rows.length, waiting, format.rate(rate));
  }
  const more = troubled.length - 1;
  const { spoke } = worst.queue;
  return (
    <span className={styles['answer']}>
      <span>
        <strong>{t.trouble(worst, trouble, { format, nowMs })}.</strong> {more > 0 ? (sayMore ?? t.more)(more) : null}
      </span>
      {trouble === 'paused' ? (
        <Button size="small" needs="operator" onClick={() => onResume(spoke)}>
          {t.actions.resume}
        </Button>
      ) : trouble === 'dead' || trouble === 'unknown' ? (
        <Link to="/issues" search={{ spoke }} className={buttonClass('plain', 'small')}>
          {t.actions.issues}
        </Link>
      ) : (
        <Link to="/queues/$spoke" params={{ spoke }} className={buttonClass('plain', 'small')}>
          {t.actions.open}
        </Link>
      )}
    </span>
  );
}
