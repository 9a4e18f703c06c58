/** The rules: what each watches, how bad that is, who is told, and whether it is on. */
import type { AlertRule } from '@nave/api-schema';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { hub } from '../../api/client.ts';
import { usePreferences } from '../../i18n/preferences.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Switch } from '../../parts/switch.tsx';
import { toast } from '../../parts/toasts.tsx';
import styles from './alerts.module.css';
import { ruleWords } from './condition-words.ts';
import { useAlertTexts } from './texts.ts';
import { rulesQuery, useAlertsChanged } from './use-alerts.ts';

const keyOf = (rule: AlertRule) => rule.name;

export function RulesTab() {
  const t = useAlertTexts();
  const { language } = usePreferences();
  const rules = useQuery(rulesQuery);
  const changed = useAlertsChanged();
  const { mutate, error, isPending, variables } = useMutation({
    mutationFn: ({ rule, enabled }: { rule: AlertRule; enabled: boolean }) =>
      hub.alerts.patch(rule.name, { enabled }, { version: rule.version }),
    onSuccess: (_, { rule, enabled }) => toast(enabled ? t.turnedOn(rule.name) : t.turnedOff(rule.name)),
    onSettled: changed,
  });
  const turning = isPending ? variables.rule.name : null;
  const columns = useMemo<Column<AlertRule>[]>(
    () => [
      { id: 'name', header: t.rule, width: 160, grow: 1, cell: ({ name }) => <span className="mono">{name}</span> },
      {
        id: 'watches',
        header: t.watches,
        grow: 4,
        width: 240,
        priority: 4,
        cell: (rule) => {
          const words = ruleWords(rule, language);
          return <span title={words}>{words}</span>;
        },
      },
      { id: 'severity', header: t.severity, width: 120, priority: 5, cell: ({ severity }) => <StateBadge state={severity} bare /> },
      {
        id: 'told',
        header: t.told,
        grow: 2,
        width: 140,
        priority: 3,
        cell: ({ notify }) =>
          notify.length === 0 ? (
            <span className="soft">{t.nobody}</span>
          ) : (
            notify.map(({ to, after }) => (/^0+(ms|s|m|h|d)$/.test(after) ? to : `${to} (${t.after(after)})`)).join(', ')
          ),
      },
      {
        id: 'enabled',
        header: t.enabled,
        width: 90,
        priority: 6,
        cell: (rule) => (
          <span className={styles['switch']}>
            <Switch
              label={t.enabledOf(rule.name)}
              hideLabel
              checked={rule.enabled}
              needs="admin"
              busy={turning === rule.name}
              onChecked={(enabled) => mutate({ rule, enabled })}
            />
          </span>
        ),
      },
    ],
    [t, language, turning, mutate],
  );
  const silent = (rules.data ?? []).filter(({ notify, enabled }) => enabled && notify.length === 0).length;
  return (
    <>
      <p className="soft">{rules.data === undefined ? ' ' : t.rulesAnswer(rules.data.length, silent)}</p>
      {rules.error === null ? null : <ErrorNote error={rules.error} onRetry={() => void rules.refetch()} />}
      {error === null ? null : <ErrorNote error={error} />}
      <DataTable
        label={t.rules}
        rows={rules.data ?? []}
        columns={columns}
        rowKey={keyOf}
        rowHref={({ name }) => `/alerts/rules/${encodeURIComponent(name)}`}
        loading={rules.isPending}
        storageKey="alert-rules"
        empty={<EmptyState title={t.noRules}>{t.noRulesHint}</EmptyState>}
      />
    </>
  );
}
