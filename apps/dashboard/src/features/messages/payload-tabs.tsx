/** What a message carried and what was made of it: masked until somebody who may reveals it. */
import type { Delivery, Message, MessagePayload } from '@nave/api-schema';
import { EyeOff, LockKeyhole } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { Button } from '../../parts/button.tsx';
import { CodeEditor } from '../../parts/code-editor/code-editor.tsx';
import { DiffView } from '../../parts/diff-view.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Note } from '../../parts/note.tsx';
import { PayloadView } from '../../parts/payload-view.tsx';
import { useDetailTexts } from './detail-texts.ts';
import styles from './messages.module.css';
import type { Reveal } from './use-reveal.ts';

/** Shows its content once it is revealed; before that says what is masked, and how it is revealed. */
export function Revealed({
  message,
  reveal,
  children,
}: {
  message: Message;
  reveal: Reveal;
  children: (payload: MessagePayload) => ReactNode;
}) {
  const t = useDetailTexts();
  const format = useFormat();
  if (reveal.payload !== null) {
    return (
      <div className={styles['section']}>
        <Note
          tone="slate"
          action={
            <Button size="small" icon={<EyeOff aria-hidden />} onClick={reveal.hide}>
              {t.hide}
            </Button>
          }
        >
          {t.revealed}
        </Note>
        {children(reveal.payload)}
      </div>
    );
  }
  return (
    <div className={styles['locked']}>
      <strong>{t.masked(format.bytes(message.size), message.contentType)}</strong>
      <p className="soft">{t.maskedWhy}</p>
      <Button needs="operator" icon={<LockKeyhole aria-hidden />} busy={reveal.busy} onClick={() => void reveal.reveal()}>
        {t.reveal}
      </Button>
      {reveal.error === null ? null : <ErrorNote error={reveal.error} />}
    </div>
  );
}

export function PayloadTab({ message, reveal }: { message: Message; reveal: Reveal }) {
  const t = useDetailTexts();
  return (
    <Revealed message={message} reveal={reveal}>
      {({ body, bodyBase64, contentType }) => (
        <PayloadView text={body} base64={bodyBase64} contentType={contentType} label={t.tabPayload} fileName={`message-${message.id}`} />
      )}
    </Revealed>
  );
}

export function RawTab({ message, reveal }: { message: Message; reveal: Reveal }) {
  const t = useDetailTexts();
  return (
    <Revealed message={message} reveal={reveal}>
      {({ body, bodyBase64, contentType }) =>
        body === undefined ? (
          <PayloadView base64={bodyBase64} contentType={contentType} label={t.bodyAsReceived} fileName={`message-${message.id}`} />
        ) : (
          <CodeEditor value={body} language="text" readOnly label={t.bodyAsReceived} minHeight={120} maxHeight={520} />
        )
      }
    </Revealed>
  );
}

/** @param props.delivery whose mapping is shown */
export function MappedTab({ message, delivery, reveal }: { message: Message; delivery: Delivery | null; reveal: Reveal }) {
  const t = useDetailTexts();
  if (delivery === null) return <p className="soft">{t.noDeliveries}</p>;
  return (
    <Revealed message={message} reveal={reveal}>
      {(payload) => {
        const own = payload.deliveries.find(({ id }) => id === delivery.id);
        return (
          <>
            {own?.input?.body === undefined || payload.body === undefined ? (
              own?.input?.bodyBase64 === undefined ? (
                <p className="soft">{t.notMapped}</p>
              ) : (
                <PayloadView base64={own.input.bodyBase64} contentType={null} label={t.mapped} fileName={`input-${delivery.id}`} />
              )
            ) : (
              <DiffView
                before={payload.body}
                after={own.input.body}
                beforeLabel={`${message.source}: ${t.original}`}
                afterLabel={`${delivery.spoke}: ${t.mapped}`}
                language={languageOf(own.input.body)}
              />
            )}
            {own?.output ? (
              <section className={styles['section']}>
                <h3>
                  {t.answer} <span className="numbers soft">{own.output.status}</span>
                </h3>
                <PayloadView
                  text={own.output.body}
                  base64={own.output.bodyBase64}
                  contentType={own.output.contentType}
                  label={t.answer}
                  fileName={`answer-${delivery.id}`}
                  maxHeight={320}
                />
              </section>
            ) : null}
          </>
        );
      }}
    </Revealed>
  );
}

export function HeadersTab({ message, reveal }: { message: Message; reveal: Reveal }) {
  const t = useDetailTexts();
  return (
    <Revealed message={message} reveal={reveal}>
      {({ headers, query, method }) => (
        <>
          <p>
            {t.method}: <span className={styles['mono']}>{method}</span>
          </p>
          <Pairs caption={t.headers} pairs={headers} />
          {Object.keys(query).length === 0 ? <p className="soft">{t.noQuery}</p> : <Pairs caption={t.query} pairs={query} />}
        </>
      )}
    </Revealed>
  );
}

export function Pairs({ caption, pairs }: { caption: string; pairs: Readonly<Record<string, string>> }) {
  const t = useDetailTexts();
  return (
    <table className={styles['pairs']}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" style={{ width: '34%' }}>
            {t.name}
          </th>
          <th scope="col">{t.value}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(pairs).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function languageOf(text: string): 'json' | 'xml' | 'text' {
  const start = text.trimStart()[0];
  if (start === '{' || start === '[') return 'json';
  return start === '<' ? 'xml' : 'text';
}
