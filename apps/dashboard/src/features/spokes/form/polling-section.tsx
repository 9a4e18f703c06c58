/** The polls of a kind: which are on, how often, and where they begin. */
import type { Kind } from '@nave/api-schema';
import { Field, Select, TextInput } from '../../../parts/field.tsx';
import { withField } from '../../../parts/schema-form/first-value.ts';
import { isJsonObject, type JsonObject, ownValue } from '../../../parts/schema-form/schema-shape.ts';
import { Switch } from '../../../parts/switch.tsx';
import { useFormWords } from './form-texts.ts';
import type { SectionProps } from './inbound-section.tsx';
import type { SpokeDocument } from './spoke-document.ts';
import styles from './spoke-form.module.css';

export interface PollInfo {
  name: string;
  title: string;
  every: string;
  eventTypes: readonly string[];
}

/** Those of the kind, and those that the config of the spoke declares. */
export function pollsOf(kind: Kind, document: SpokeDocument): PollInfo[] {
  const own = ownValue(ownValue(document, 'config'), 'polls');
  const declared = isJsonObject(own) ? Object.entries(own) : [];
  return [
    ...kind.polls,
    ...declared
      .filter(([name]) => !kind.polls.some((poll) => poll.name === name))
      .map(([name, poll]) => ({ name, title: text(poll, 'title') ?? name, every: text(poll, 'every') ?? '5m', eventTypes: [] })),
  ];
}

export function PollingSection({ kind, draft, disabled }: SectionProps) {
  const t = useFormWords();
  const inbound = ownValue(draft.document, 'inbound');
  const polls = ownValue(inbound, 'poll');
  const set = (name: string, value: JsonObject | undefined) => {
    const next = withField(polls, name, value);
    const base: JsonObject = isJsonObject(inbound) ? inbound : {};
    draft.change(withField(draft.document, 'inbound', withField(base, 'poll', Object.keys(next).length === 0 ? undefined : next)));
  };
  return (
    <>
      {pollsOf(kind, draft.document).map(({ name, title, every, eventTypes }) => {
        const stored = ownValue(polls, name);
        const poll = isJsonObject(stored) ? stored : null;
        const on = poll !== null && poll['enabled'] !== false;
        const pointer = `/inbound/poll/${name}`;
        const error = draft.errors.find(({ path }) => path === pointer || path.startsWith(`${pointer}/`))?.message;
        const base: JsonObject = poll ?? {};
        return (
          <div key={name} className={styles['poll']}>
            <Switch
              label={title}
              help={eventTypes.length === 0 ? undefined : t.pollEvents(eventTypes.join(', '))}
              checked={on}
              disabledReason={disabled ? '' : null}
              // What is switched off keeps its place in the events.
              onChecked={(next) => set(name, next ? withField(base, 'enabled', undefined) : withField(base, 'enabled', false))}
            />
            {on ? (
              <div className={styles['row']}>
                <Field label={t.pollEvery} help={t.pollEveryHelp(every)} error={error} optional>
                  <TextInput
                    value={text(poll, 'every') ?? ''}
                    placeholder={every}
                    disabled={disabled}
                    onValue={(value) => set(name, withField(base, 'every', value === '' ? undefined : value))}
                  />
                </Field>
                <Field label={t.pollFrom}>
                  <Select
                    disabled={disabled}
                    value={text(poll, 'from') ?? 'now'}
                    onValue={(value) => set(name, withField(base, 'from', value === 'now' ? undefined : value))}
                    options={[
                      { value: 'now', label: t.pollNow },
                      { value: 'start', label: t.pollStart },
                    ]}
                  />
                </Field>
              </div>
            ) : null}
          </div>
        );
      })}
    </>
  );
}

function text(value: unknown, name: string): string | null {
  const field = ownValue(value, name);
  return typeof field === 'string' ? field : null;
}
