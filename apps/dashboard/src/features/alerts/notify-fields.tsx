/** Who is told: channels with their escalation, how alerts are grouped, and how often they are told again. */
import type { Spoke } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../../parts/button.tsx';
import { Field, Select, TextInput } from '../../parts/field.tsx';
import { Panel } from '../../parts/page.tsx';
import { isJsonObject, ownValue } from '../../parts/schema-form/schema-shape.ts';
import { spokesQuery, takesDeliveries } from '../spokes/api.ts';
import styles from './alerts.module.css';
import type { NotifyDraft } from './rule-draft.ts';
import type { RuleFieldsProps } from './rule-form.tsx';
import { useRuleTexts } from './rule-texts.ts';

const SEVERITIES = ['info', 'warning', 'critical'] as const;
const CHANNELS_MAX = 20;
const EMPTY: NotifyDraft = { to: '', operation: '', after: '', severity: '' };

export function NotifyFields({ draft, change, errorAt }: RuleFieldsProps) {
  const t = useRuleTexts();
  const spokes = useQuery(spokesQuery);
  const channels = (spokes.data ?? []).filter(takesDeliveries);
  const set = (at: number, changes: Partial<NotifyDraft>) =>
    change({ notify: draft.notify.map((one, index) => (index === at ? { ...one, ...changes } : one)) });
  return (
    <Panel title={t.notify}>
      <div className={styles['fields']}>
        <p className="soft">{t.notifyHelp}</p>
        {draft.notify.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: channels have no other identity while they are written
          <fieldset key={at} className={styles['entry']}>
            <div className={styles['entryHead']}>
              <legend>{t.channel(at + 1)}</legend>
              <IconButton
                label={t.removeChannel(at + 1)}
                icon={<Trash2 aria-hidden />}
                size="small"
                needs="admin"
                onClick={() => change({ notify: draft.notify.filter((_, index) => index !== at) })}
              />
            </div>
            <div className={styles['pair']}>
              <Field label={t.to} error={errorAt(`/notify/${at}/to`)}>
                <Select
                  value={one.to}
                  options={channelOptions(channels, one.to, t.choose)}
                  onValue={(to) => set(at, { to, operation: '' })}
                />
              </Field>
              <Field label={t.operation} help={t.operationHelp} error={errorAt(`/notify/${at}/operation`)} optional>
                <TextInput
                  value={one.operation}
                  onValue={(operation) => set(at, { operation })}
                  list={`operations-${at}`}
                  autoComplete="off"
                />
              </Field>
              <datalist id={`operations-${at}`}>
                {operationsOf(channels.find(({ name }) => name === one.to)).map((name) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
              <Field label={t.after} help={t.afterHelp} error={errorAt(`/notify/${at}/after`)} optional>
                <TextInput value={one.after} onValue={(after) => set(at, { after })} placeholder="15m" autoComplete="off" />
              </Field>
              <Field label={t.says} error={errorAt(`/notify/${at}/severity`)}>
                <Select
                  value={one.severity}
                  options={[{ value: '', label: t.asRule }, ...SEVERITIES.map((value) => ({ value, label: t.severities[value] }))]}
                  onValue={(value) => set(at, { severity: SEVERITIES.find((severity) => severity === value) ?? '' })}
                />
              </Field>
            </div>
          </fieldset>
        ))}
        {draft.notify.length >= CHANNELS_MAX ? null : (
          <Button
            className={styles['add']}
            icon={<Plus aria-hidden />}
            needs="admin"
            onClick={() => change({ notify: [...draft.notify, EMPTY] })}
          >
            {t.addChannel}
          </Button>
        )}
        {draft.notify.length === 0 ? null : (
          <div className={styles['pair']}>
            <Field label={t.groupBy} error={errorAt('/groupBy')}>
              <Select
                value={draft.groupBy}
                options={[
                  { value: 'spoke', label: t.groups.spoke },
                  { value: 'rule', label: t.groups.rule },
                ]}
                onValue={(value) => change({ groupBy: value === 'rule' ? 'rule' : 'spoke' })}
              />
            </Field>
            <Field label={t.repeat} help={t.repeatHelp} error={errorAt('/repeat')} optional>
              <TextInput value={draft.repeat} onValue={(repeat) => change({ repeat })} placeholder="4h" autoComplete="off" />
            </Field>
          </div>
        )}
      </div>
    </Panel>
  );
}

/** A channel that is gone stays in the list, so that it can be seen and replaced. */
function channelOptions(channels: readonly Spoke[], chosen: string, choose: string): { value: string; label: string }[] {
  const known = channels.map(({ name, title }) => ({ value: name, label: title === name ? name : `${title} (${name})` }));
  const gone = chosen !== '' && !channels.some(({ name }) => name === chosen) ? [{ value: chosen, label: chosen }] : [];
  return [...(chosen === '' ? [{ value: '', label: choose }] : []), ...gone, ...known];
}

function operationsOf(spoke: Spoke | undefined): string[] {
  const operations = ownValue(spoke?.config, 'operations');
  return isJsonObject(operations) ? Object.keys(operations) : [];
}
