/** What runs here, and who looks at it. */
import { useSession } from '../../api/session.ts';
import { Time } from '../../parts/time.tsx';
import styles from './settings.module.css';
import { useSettingsTexts } from './texts.ts';

export function AboutSection() {
  const t = useSettingsTexts();
  const session = useSession();
  if (session === null) return null;
  return (
    <dl className={styles['facts']}>
      <dt>Nave</dt>
      <dd>
        {t.version} {session.version}
      </dd>
      <dt>{t.signedIn}</dt>
      <dd>
        {session.name} ({session.role})
        {session.expiresAt === null ? null : (
          <>
            {' '}
            {t.until} <Time at={session.expiresAt} show="exact" />
          </>
        )}
      </dd>
      <dt>{t.retention}</dt>
      <dd>{t.retentionMeans(session.retention)}</dd>
      <dt>API</dt>
      <dd>
        <a href="/docs" target="_blank" rel="noreferrer">
          {t.docs}
        </a>
      </dd>
    </dl>
  );
}
