/** Copies a text, and says that it did. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { defineTexts } from '../i18n/texts.ts';
import { copyText } from './copy-text.ts';
import styles from './id.module.css';

const useTexts = defineTexts({
  en: { copy: (what: string) => `Copy ${what}`, copied: 'Copied' },
  cs: { copy: (what: string) => `Kopírovat: ${what}`, copied: 'Zkopírováno' },
});

/** @param props.what for the label: `id`, `webhook address` */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const t = useTexts();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), 1_500);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const label = copied ? t.copied : t.copy(what);
  return (
    <button
      type="button"
      className={styles['copy']}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        event.preventDefault();
        void copyText(text).then(setCopied);
      }}
    >
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
    </button>
  );
}
