/** The facts of a failure, each a link to what it names. */
import type { Issue } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { Id } from '../../parts/id.tsx';
import { Time } from '../../parts/time.tsx';
import { Blocks } from './blocks.tsx';
import { useDetailTexts } from './detail-texts.ts';
import styles from './issues.module.css';
import { useIssueTexts } from './texts.ts';

export function IssueFacts({ issue }: { issue: Issue }) {
  const t = useDetailTexts();
  const words = useIssueTexts();
  return (
    <dl className={styles['facts']}>
      <dt>{words.spoke}</dt>
      <dd className={styles['underlined']}>
        <Link to="/spokes/$name" params={{ name: issue.spoke }}>
          {issue.spoke}
        </Link>{' '}
        <span className="soft">{issue.operation}</span>
      </dd>
      <dt>{t.routes}</dt>
      <dd className={styles['underlined']}>
        {issue.routes.map(({ route, count }, index) => (
          <span key={route}>
            {index === 0 ? null : ', '}
            <Link to="/routes/$name" params={{ name: route }}>
              {route}
            </Link>
            {issue.routes.length > 1 ? <span className="soft numbers"> ({count})</span> : null}
          </span>
        ))}
      </dd>
      <dt>{t.first}</dt>
      <dd>
        <Time at={issue.firstSeen} />
      </dd>
      <dt>{t.last}</dt>
      <dd>
        <Time at={issue.lastSeen} />
      </dd>
      {issue.reason === null ? null : (
        <>
          <dt>{t.reason}</dt>
          <dd className="mono">{issue.reason}</dd>
        </>
      )}
      <dt>{t.blocks}</dt>
      <dd>
        {issue.parkedLanes === 0 ? (
          t.blocksNone
        ) : (
          <Link to="/issues" search={{ tab: 'lanes', spoke: issue.spoke }}>
            <Blocks issue={issue} />
          </Link>
        )}
      </dd>
      <dt>{t.sample}</dt>
      <dd>
        <Id id={issue.sample.messageId} short>
          {(text) => (
            <Link to="/messages/$id" params={{ id: issue.sample.messageId }} search={{ delivery: issue.sample.deliveryId }}>
              {text}
            </Link>
          )}
        </Id>
      </dd>
    </dl>
  );
}
