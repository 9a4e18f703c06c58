/** The form of a rule: what it watches, how bad that is, who is told and when not. */
import { Checkbox, Field, Select, TextInput } from '../../parts/field.tsx';
import { Panel } from '../../parts/page.tsx';
import styles from './alerts.module.css';
import { ConditionFields } from './condition-fields.tsx';
import { NotifyFields } from './notify-fields.tsx';
import { QuietFields } from './quiet-fields.tsx';
import type { RuleDraft } from './rule-draft.ts';
import { useRuleTexts } from './rule-texts.ts';

const SEVERITIES = ['info', 'warning', 'critical'] as const;

export interface RuleFieldsProps {
  draft: RuleDraft;
  change: (changes: Partial<RuleDraft>) => void;
  /** What the hub says of a field, by JSON Pointer; `below`: of anything in it, too. */
  errorAt: (pointer: string, below?: boolean) => string | null;
}

/** @param props.isNew it needs a name */
export function RuleForm({ isNew, ...fields }: RuleFieldsProps & { isNew: boolean }) {
  const t = useRuleTexts();
  const { draft, change, errorAt } = fields;
  return (
    <>
      <Panel>
        <div className={styles['fields']}>
          <div className={styles['pair']}>
            {isNew ? (
              <Field label={t.name} help={t.nameHelp} error={errorAt('/name')}>
                <TextInput
                  value={draft.name}
                  onValue={(name) => change({ name })}
                  placeholder="erp-errors"
                  maxLength={63}
                  autoComplete="off"
                  spellCheck={false}
                />
              </Field>
            ) : null}
            <Field label={t.severity} error={errorAt('/severity')}>
              <Select
                value={draft.severity}
                options={SEVERITIES.map((value) => ({ value, label: t.severities[value] }))}
                onValue={(value) => change({ severity: SEVERITIES.find((one) => one === value) ?? 'warning' })}
              />
            </Field>
          </div>
          <Checkbox label={t.enabled} help={t.enabledHelp} checked={draft.enabled} onChecked={(enabled) => change({ enabled })} />
        </div>
      </Panel>
      <ConditionFields {...fields} />
      <NotifyFields {...fields} />
      <QuietFields {...fields} />
    </>
  );
}
