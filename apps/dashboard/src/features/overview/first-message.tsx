/** The command that sends the first message, and the wait for it. */
import type { Spoke } from '@nave/api-schema';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ownValue } from '../../parts/schema-form/schema-shape.ts';
import { curlExample } from '../spokes/api.ts';
import { useFirstRunTexts } from './first-run-texts.ts';
import styles from './overview.module.css';

export function FirstMessage({ spoke }: { spoke: Spoke | null }) {
  const t = useFirstRunTexts();
  if (spoke === null) return <p className="soft">{t.messageNeedsSpoke}</p>;
  const url = `${window.location.origin}/hooks/${spoke.name}`;
  const verify = ownValue(spoke.inbound, 'verify');
  const example = Array.isArray(verify) ? null : curlExample(url, verify);
  const text = example?.lines.join('\n') ?? url;
  return (
    <>
      <p className="soft">{example === null ? t.messageNoExample(spoke.title) : t.messageMeans(spoke.title)}</p>
      <div className={styles['command']}>
        {/** biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, which needs the focus */}
        <pre tabIndex={0}>{text}</pre>
        <CopyButton text={text} what={t.command} />
      </div>
      {example?.secret === true ? <p className="soft">{t.messageSecret}</p> : null}
      <p className={styles['waiting']} role="status">
        ○ {t.waiting}
      </p>
    </>
  );
}
