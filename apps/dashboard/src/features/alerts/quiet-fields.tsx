/** Quiet hours: on which evenings, from when to when, in which zone. */
import { Plus, Trash2 } from 'lucide-react';
import { timeZoneOf, usePreferences } from '../../i18n/preferences.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { Checkbox, Field, TextInput } from '../../parts/field.tsx';
import { Panel } from '../../parts/page.tsx';
import styles from './alerts.module.css';
import type { QuietDraft, Weekday } from './rule-draft.ts';
import type { RuleFieldsProps } from './rule-form.tsx';
import { useRuleTexts } from './rule-texts.ts';

const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const QUIET_MAX = 20;

export function QuietFields({ draft, change, errorAt }: RuleFieldsProps) {
  const t = useRuleTexts();
  const timezone = timeZoneOf(usePreferences());
  const set = (at: number, changes: Partial<QuietDraft>) =>
    change({ quiet: draft.quiet.map((one, index) => (index === at ? { ...one, ...changes } : one)) });
  return (
    <Panel title={t.quiet}>
      <div className={styles['fields']}>
        <p className="soft">{t.quietHelp}</p>
        {draft.quiet.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: quiet hours have no other identity while they are written
          <fieldset key={at} className={styles['entry']}>
            <div className={styles['entryHead']}>
              <legend>{t.quietHours(at + 1)}</legend>
              <IconButton
                label={t.removeQuiet(at + 1)}
                icon={<Trash2 aria-hidden />}
                size="small"
                needs="admin"
                onClick={() => change({ quiet: draft.quiet.filter((_, index) => index !== at) })}
              />
            </div>
            <fieldset className={styles['days']}>
              <legend>{t.days}</legend>
              {DAYS.map((day) => (
                <Checkbox
                  key={day}
                  label={t.weekdays[day]}
                  checked={one.days.includes(day)}
                  onChecked={(on) => set(at, { days: DAYS.filter((each) => (each === day ? on : one.days.includes(each))) })}
                />
              ))}
            </fieldset>
            <p className="soft">{t.daysHelp}</p>
            <div className={styles['pair']}>
              <Field label={t.from} error={errorAt(`/quiet/${at}/from`)}>
                <TextInput type="time" value={one.from} onValue={(from) => set(at, { from })} />
              </Field>
              <Field label={t.until} error={errorAt(`/quiet/${at}/to`)}>
                <TextInput type="time" value={one.to} onValue={(to) => set(at, { to })} />
              </Field>
              <Field label={t.zone} help={t.zoneHelp} error={errorAt(`/quiet/${at}/timezone`)}>
                <TextInput
                  value={one.timezone}
                  onValue={(zone) => set(at, { timezone: zone })}
                  list="alert-zones"
                  placeholder="Europe/Prague"
                  autoComplete="off"
                />
              </Field>
            </div>
          </fieldset>
        ))}
        <datalist id="alert-zones">
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        {draft.quiet.length >= QUIET_MAX ? null : (
          <Button
            className={styles['add']}
            icon={<Plus aria-hidden />}
            needs="admin"
            onClick={() => change({ quiet: [...draft.quiet, { days: [], from: '22:00', to: '06:00', timezone }] })}
          >
            {t.addQuiet}
          </Button>
        )}
        {draft.quiet.length === 0 ? null : (
          <Checkbox label={t.quietCritical} checked={draft.quietCritical} onChecked={(quietCritical) => change({ quietCritical })} />
        )}
      </div>
    </Panel>
  );
}
