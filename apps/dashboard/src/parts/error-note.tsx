/** What went wrong, in words: what happened, what it means, and the one thing to do about it. */
import { ApiError, NotReachable } from '@nave/sdk';
import { CircleAlert, RotateCw } from 'lucide-react';
import { defineTexts } from '../i18n/texts.ts';
import { Button } from './button.tsx';
import styles from './notes.module.css';

const useTexts = defineTexts({
  en: {
    retry: 'Try again',
    unreachable: 'The hub does not answer',
    unreachableMeans: 'Nothing is lost: deliveries go on without this page. Check the network, or whether the hub runs.',
    forbidden: 'Your role does not allow this',
    notFound: 'This is not there (any more)',
    conflict: 'It has changed meanwhile',
    busy: 'The hub asks for patience',
    failed: 'The hub could not do this',
    page: 'This page has a fault',
    pageMeans: 'The rest of the dashboard works. Load the page again; if it stays, this line helps those who mend it.',
  },
  cs: {
    retry: 'Zkusit znovu',
    unreachable: 'Hub neodpovídá',
    unreachableMeans: 'Nic se neztratilo: doručování běží i bez této stránky. Zkontrolujte síť a zda hub běží.',
    forbidden: 'Vaše role to nedovoluje',
    notFound: 'Tady nic (už) není',
    conflict: 'Mezitím se to změnilo',
    busy: 'Hub prosí o strpení',
    failed: 'Hub to nemohl provést',
    page: 'Na této stránce je chyba',
    pageMeans: 'Zbytek funguje. Načtěte stránku znovu; pokud chyba zůstane, tento řádek pomůže těm, kdo ji opraví.',
  },
});

/** @param props.onRetry shows a button that asks again */
export function ErrorNote({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const t = useTexts();
  const { title, detail, fields } = wordsOf(error, t);
  return (
    <div className={styles['error']} role="alert">
      <CircleAlert aria-hidden />
      <div>
        <strong>{title}</strong>
        <div>{detail}</div>
        {fields.length === 0 ? null : (
          <ul>
            {fields.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{path === '' ? '/' : path}</code> {message}
              </li>
            ))}
          </ul>
        )}
      </div>
      {onRetry === undefined ? null : (
        <Button size="small" icon={<RotateCw aria-hidden />} onClick={onRetry}>
          {t.retry}
        </Button>
      )}
    </div>
  );
}

type Texts = ReturnType<typeof useTexts>;

function wordsOf(error: Error, t: Texts): { title: string; detail: string; fields: { path: string; message: string }[] } {
  if (error instanceof NotReachable) return { title: t.unreachable, detail: t.unreachableMeans, fields: [] };
  if (!(error instanceof ApiError)) return { title: t.page, detail: `${t.pageMeans} (${error.message})`, fields: [] };
  const titles: Readonly<Record<number, string>> = {
    403: t.forbidden,
    404: t.notFound,
    409: t.conflict,
    412: t.conflict,
    429: t.busy,
    503: t.busy,
  };
  return { title: titles[error.status] ?? t.failed, detail: error.message, fields: error.problem.errors ?? [] };
}
