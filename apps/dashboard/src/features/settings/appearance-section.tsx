/** Language, colours and time zone of this browser. */
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { isTimeZone, LANGUAGES, setPreferences, THEMES, usePreferences } from '../../i18n/preferences.ts';
import { Field, Select, TextInput } from '../../parts/field.tsx';
import { useNow } from '../../parts/time.tsx';
import styles from './settings.module.css';
import { useSettingsTexts } from './texts.ts';

export function AppearanceSection() {
  const t = useSettingsTexts();
  const format = useFormat();
  const { language, theme, timeZone } = usePreferences();
  const [zone, setZone] = useState(timeZone ?? '');
  const wrong = zone !== '' && !isTimeZone(zone);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className={styles['form']}>
      <p className="soft">{t.appearanceAnswer}</p>
      <Field label={t.language}>
        <Select
          value={language}
          options={LANGUAGES.map((value) => ({ value, label: t.languages[value] }))}
          onValue={(value) => setPreferences({ language: LANGUAGES.find((one) => one === value) ?? 'en' })}
        />
      </Field>
      <Field label={t.theme}>
        <Select
          value={theme}
          options={THEMES.map((value) => ({ value, label: t.themes[value] }))}
          onValue={(value) => setPreferences({ theme: THEMES.find((one) => one === value) ?? 'system' })}
        />
      </Field>
      <Field label={t.zone} help={t.zoneHelp(own)} error={wrong ? t.zoneWrong : null} optional>
        <TextInput
          value={zone}
          list="time-zones"
          placeholder={own}
          onValue={(value) => {
            setZone(value);
            if (value === '' || isTimeZone(value)) setPreferences({ timeZone: value === '' ? null : value });
          }}
        />
      </Field>
      <datalist id="time-zones">
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <p className="soft numbers">
        {t.now}: {format.exact(useNow())}
      </p>
    </div>
  );
}
