/** Sends a test to everybody the rule tells, and follows what becomes of each. */
import type { AlertTest } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hub } from '../../api/client.ts';
import { Note } from '../../parts/note.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import styles from './alerts.module.css';
import { useRuleTexts } from './rule-texts.ts';

const LOOK_MS = 1_000;
/** After so many looks the page of the message is the place to watch. */
const LOOKS_MAX = 60;

export function TestResult({ test }: { test: AlertTest }) {
  const t = useRuleTexts();
  return (
    <Note tone="blue">
      {t.testResult}
      <ul className={styles['results']} aria-live="polite">
        {test.items.map((item) => (
          <TestDelivery key={item.messageId} item={item} />
        ))}
      </ul>
    </Note>
  );
}

function TestDelivery({ item: { to, operation, messageId } }: { item: AlertTest['items'][number] }) {
  const t = useRuleTexts();
  const message = useQuery({
    queryKey: ['messages', messageId],
    queryFn: () => hub.messages.get(messageId),
    refetchInterval: ({ state }) =>
      (state.data?.state !== 'accepted' && state.data !== undefined) || state.dataUpdateCount > LOOKS_MAX ? false : LOOK_MS,
  });
  const delivery = message.data?.deliveries[0];
  return (
    <li>
      {t.testTo(to, operation)} {delivery === undefined ? null : <StateBadge state={delivery.state} />}
      <Link to="/messages/$id" params={{ id: messageId }}>
        {t.openMessage}
      </Link>
    </li>
  );
}
