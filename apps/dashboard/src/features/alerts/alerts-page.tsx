/** Alerts: what fires now, what fired, and the rules that say when. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { buttonClass } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import styles from './alerts.module.css';
import { FiringList } from './firing-list.tsx';
import { HistoryTab } from './history-tab.tsx';
import { RulesTab } from './rules-tab.tsx';
import { useAlertTexts } from './texts.ts';
import { useFiring } from './use-alerts.ts';

const TABS = ['firing', 'history', 'rules'] as const;

export function AlertsPage() {
  const t = useAlertTexts();
  const search = useSearch({ from: '/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const tab = TABS.find((one) => one === search.tab) ?? 'firing';
  const contents = { firing: <FiringPanel />, history: <HistoryTab />, rules: <RulesTab /> };
  return (
    <Page
      title={t.title}
      answer={<Answer />}
      full
      actions={
        <Link to="/alerts/rules/new" className={buttonClass()}>
          <Plus aria-hidden /> {t.newRule}
        </Link>
      }
    >
      <Tabs
        label={t.sections}
        value={tab}
        onValue={(value) => void navigate({ search: value === 'firing' ? {} : { tab: value }, replace: true })}
        tabs={TABS.map((value) => ({ value, label: t.tabs[value], content: contents[value] }))}
        full
      />
    </Page>
  );
}

function FiringPanel() {
  return (
    <div className={styles['panel']}>
      <FiringList />
    </div>
  );
}

function Answer() {
  const t = useAlertTexts();
  const firing = useFiring();
  const alerts = firing.data?.items;
  if (alerts === undefined) return firing.error === null ? <Skeleton width={240} /> : null;
  if (alerts.length === 0) return t.calm;
  const critical = alerts.filter(({ severity }) => severity === 'critical').length;
  const unseen = alerts.filter(({ acknowledgedAt }) => acknowledgedAt === null).length;
  return (
    <>
      <strong className={styles['red']}>{t.firing(alerts.length)}</strong>
      {critical > 0 ? `; ${t.critical(critical)}` : null}; {unseen > 0 ? t.unseen(unseen) : t.allSeen}.
    </>
  );
}
