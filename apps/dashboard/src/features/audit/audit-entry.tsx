/** One entry of the audit, whole. */
import { CodeEditor } from '../../parts/code-editor/code-editor.tsx';
import { Id } from '../../parts/id.tsx';
import { SlideOver } from '../../parts/slide-over.tsx';
import { Time } from '../../parts/time.tsx';
import styles from './audit.module.css';
import { SubjectLink } from './subject-link.tsx';
import { useAuditTexts } from './texts.ts';
import type { AuditEntry } from './use-audit.ts';

export function AuditEntryPanel({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const t = useAuditTexts();
  return (
    <SlideOver label={t.entry} onClose={onClose} of={entry.id} heading={<h2 className="mono">{entry.action}</h2>}>
      <dl className={styles['facts']}>
        <dt>{t.time}</dt>
        <dd>
          <Time at={entry.at} show="exact" /> (<Time at={entry.at} />)
        </dd>
        <dt>{t.actor}</dt>
        <dd className="mono">{entry.actor}</dd>
        <dt>{t.subject}</dt>
        <dd>
          <Id id={entry.subject}>{(text) => <SubjectLink subject={entry.subject}>{text}</SubjectLink>}</Id>
        </dd>
        <dt>{t.place}</dt>
        <dd className="numbers">{entry.seq ?? t.notChained}</dd>
        {entry.hash === null ? null : (
          <>
            <dt>{t.hash}</dt>
            <dd>
              <Id id={entry.hash} />
            </dd>
          </>
        )}
      </dl>
      <h3>{t.detail}</h3>
      <CodeEditor
        value={JSON.stringify(entry.detail ?? null, null, 2)}
        language="json"
        label={t.detail}
        minHeight={60}
        maxHeight={480}
        readOnly
      />
    </SlideOver>
  );
}
