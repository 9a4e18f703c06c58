/** What is watched: the condition with its parameters, where, and for how long it must hold. */
import { Field, Select, TextInput } from '../../parts/field.tsx';
import { Panel } from '../../parts/page.tsx';
import styles from './alerts.module.css';
import { CONDITIONS, isAboutSpokes } from './condition-words.ts';
import { PARAMETERS, type Parameter } from './rule-draft.ts';
import type { RuleFieldsProps } from './rule-form.tsx';
import { useRuleTexts } from './rule-texts.ts';

export function ConditionFields({ draft, change, errorAt }: RuleFieldsProps) {
  const t = useRuleTexts();
  const labelOf = ({ name, kind }: Parameter) => {
    const labels: Readonly<Record<string, string>> = t.parameters;
    return name === 'minimum' && kind === 'duration' ? t.parameters.minimumSpan : (labels[name] ?? name);
  };
  const helpOf = ({ kind, fallback }: Parameter) =>
    fallback === null ? t.windowHelp : `${kind === 'duration' ? `${t.spanHelp} ` : ''}${t.emptyMeans(fallback)}`;
  return (
    <Panel title={t.what}>
      <div className={styles['fields']}>
        <Field label={t.condition} error={errorAt('/when') ?? errorAt('/when/condition')}>
          <Select
            value={draft.condition}
            options={CONDITIONS.map((value) => ({ value, label: t.conditions[value] }))}
            onValue={(value) => change({ condition: CONDITIONS.find((one) => one === value) ?? 'dead', parameters: {} })}
          />
        </Field>
        {PARAMETERS[draft.condition].length === 0 ? null : (
          <div className={styles['pair']}>
            {PARAMETERS[draft.condition].map((parameter) => (
              <Field key={parameter.name} label={labelOf(parameter)} help={helpOf(parameter)} error={errorAt(`/when/${parameter.name}`)}>
                <TextInput
                  value={draft.parameters[parameter.name] ?? ''}
                  inputMode={parameter.kind === 'duration' ? 'text' : 'decimal'}
                  placeholder={parameter.fallback ?? ''}
                  autoComplete="off"
                  onValue={(value) => change({ parameters: { ...draft.parameters, [parameter.name]: value } })}
                />
              </Field>
            ))}
          </div>
        )}
        <div className={styles['pair']}>
          {isAboutSpokes(draft.condition) ? (
            <Field label={t.spokes} help={t.spokesHelp} error={errorAt('/spokes', true)} optional>
              <TextInput value={draft.spokes} onValue={(spokes) => change({ spokes })} placeholder="erp, erp-*" autoComplete="off" />
            </Field>
          ) : null}
          <Field label={t.holds} help={t.holdsHelp} error={errorAt('/for')} optional>
            <TextInput value={draft.holds} onValue={(holds) => change({ holds })} placeholder="2m" autoComplete="off" />
          </Field>
        </div>
      </div>
    </Panel>
  );
}
