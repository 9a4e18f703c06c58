/** The link to what an alert is about: where one can do something about it. */
import type { Alert } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../parts/button.tsx';
import type { Condition } from './condition-words.ts';
import { useAlertTexts } from './texts.ts';

export function AlertAbout({ alert: { spoke }, condition }: { alert: Alert; condition: Condition | undefined }) {
  const { about } = useAlertTexts();
  const look = buttonClass('plain', 'small');
  const of = spoke === null ? {} : { spoke };
  if (condition === 'ledger' || condition === 'retention') {
    return (
      <Link to="/ledger" search={{ window: '24h' }} className={look}>
        {about.ledger}
      </Link>
    );
  }
  if (condition === 'signIns') {
    return (
      <Link to="/audit" search={{ action: 'auth.*' }} className={look}>
        {about.audit}
      </Link>
    );
  }
  if (condition === 'dead' || condition === 'unknown' || condition === 'parked') {
    const [tab, words] =
      condition === 'dead' ? [undefined, about.issues] : condition === 'unknown' ? ['decisions', about.decisions] : ['lanes', about.lanes];
    return (
      <Link to="/issues" search={{ ...of, ...(tab === undefined ? {} : { tab }) }} className={look}>
        {words}
      </Link>
    );
  }
  if (spoke === null) return null;
  if (condition === 'silent') {
    return (
      <Link to="/messages" search={{ spoke }} className={look}>
        {about.messages}
      </Link>
    );
  }
  if (condition === undefined) {
    return (
      <Link to="/spokes/$name" params={{ name: spoke }} className={look}>
        {about.spoke}
      </Link>
    );
  }
  return (
    <Link to="/queues/$spoke" params={{ spoke }} className={look}>
      {about.queue}
    </Link>
  );
}
