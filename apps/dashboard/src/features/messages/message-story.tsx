/** The story of a message, and the facts that people know it by. */
import type { Message } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { usePreferences } from '../../i18n/preferences.ts';
import { Id } from '../../parts/id.tsx';
import { Time } from '../../parts/time.tsx';
import { useDetailTexts } from './detail-texts.ts';
import styles from './messages.module.css';
import { storyOf } from './story.ts';
import { STORY_CS, STORY_EN } from './story-words.ts';

export function MessageStory({ message }: { message: Message }) {
  const format = useFormat();
  const { language } = usePreferences();
  return (
    <p className={styles['story']} role="status">
      {storyOf(message, language === 'cs' ? STORY_CS : STORY_EN, format)}
    </p>
  );
}

export function MessageFacts({ message }: { message: Message }) {
  const t = useDetailTexts();
  const format = useFormat();
  const { id, receivedAt, size, contentType, idempotencyKey, correlationId, orderingKey, keys, editedFrom, edits } = message;
  return (
    <dl className={styles['facts']}>
      <dt>Id</dt>
      <dd>
        <Id id={id} />
      </dd>
      <dt>{t.received}</dt>
      <dd>
        <Time at={receivedAt} show="exact" /> · <Time at={receivedAt} />
      </dd>
      <dt>{t.size}</dt>
      <dd>
        {format.bytes(size)} · <span className={styles['mono']}>{contentType}</span>
      </dd>
      {idempotencyKey === null ? null : (
        <>
          <dt>{t.idempotencyKey}</dt>
          <dd>
            <Id id={idempotencyKey} />
          </dd>
        </>
      )}
      {correlationId === null ? null : (
        <>
          <dt>{t.correlationId}</dt>
          <dd>
            <Id id={correlationId}>
              {(text) => (
                <Link to="/messages" search={{ q: correlationId }} title={t.allOfCorrelation}>
                  {text}
                </Link>
              )}
            </Id>
          </dd>
        </>
      )}
      {orderingKey === null ? null : (
        <>
          <dt>{t.orderingKey}</dt>
          <dd className={styles['mono']}>{orderingKey}</dd>
        </>
      )}
      {keys.length === 0 ? null : (
        <>
          <dt>{t.keys}</dt>
          <dd>
            <span className={styles['mono']}>{keys.join(', ')}</span> <span className="soft">({t.keysMasked})</span>
          </dd>
        </>
      )}
      {editedFrom ? (
        <>
          <dt>{t.editedFrom}</dt>
          <dd>
            <MessageLink id={editedFrom} />
          </dd>
        </>
      ) : null}
      {edits === undefined || edits.length === 0 ? null : (
        <>
          <dt>{t.edits}</dt>
          <dd>
            {edits.map((edit) => (
              <div key={edit}>
                <MessageLink id={edit} />
              </div>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

function MessageLink({ id }: { id: string }) {
  return (
    <Id id={id}>
      {(text) => (
        <Link to="/messages/$id" params={{ id }}>
          {text}
        </Link>
      )}
    </Id>
  );
}
