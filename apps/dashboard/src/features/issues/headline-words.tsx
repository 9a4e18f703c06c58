/** The first line of the inbox, in words. */
import { useFormat } from '../../i18n/format.ts';
import type { Headline } from './headline.ts';
import styles from './issues.module.css';
import { useIssueTexts } from './texts.ts';

export function HeadlineWords({ headline }: { headline: Headline }) {
  const t = useIssueTexts();
  const format = useFormat();
  if (headline.kind === 'quiet') return t.quiet;
  if (headline.kind === 'undecided') return <strong className={styles['violet']}>{t.undecided(headline.unknown)}</strong>;
  const { group, others, unknown, exact } = headline;
  return (
    <>
      <strong className={styles['red']}>
        {t.dead(group.count, group.spoke, format.clock(group.firstSeen), exact)}
        {group.waiting ? `; ${t.waiting(group.waiting)}.` : '.'}
      </strong>
      {others > 0 ? ` ${t.others(others)}` : null}
      {unknown > 0 ? ` ${t.undecided(unknown)}` : null}
    </>
  );
}
