/** One rule: read, written, tried, deleted. */
import type { AlertRule } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { usePreferences } from '../../i18n/preferences.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { LeaveGuard } from '../../parts/leave-guard.tsx';
import { Note } from '../../parts/note.tsx';
import { Page } from '../../parts/page.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { toast } from '../../parts/toasts.tsx';
import styles from './alerts.module.css';
import { ruleWords } from './condition-words.ts';
import { DeleteRuleDialog } from './delete-rule-dialog.tsx';
import { draftOf, inputOf, NEW_RULE } from './rule-draft.ts';
import { RuleForm } from './rule-form.tsx';
import { useRuleTexts } from './rule-texts.ts';
import { TestResult } from './test-notification.tsx';
import { ruleQuery, useAlertsChanged } from './use-alerts.ts';
import { useRuleDraft } from './use-rule-draft.ts';

export function AlertRulePage() {
  const { name } = useParams({ from: '/alerts/rules/$name' });
  const t = useRuleTexts();
  const rule = useQuery(ruleQuery(name));
  if (rule.data !== undefined) return <StoredRule key={`${name} ${rule.data.version}`} rule={rule.data} />;
  return (
    <Page title={t.title(name)} back={{ to: '/alerts', label: t.back }}>
      {rule.error === null ? <SkeletonRows rows={10} height={40} /> : <ErrorNote error={rule.error} onRetry={() => void rule.refetch()} />}
    </Page>
  );
}

export function NewAlertRulePage() {
  const t = useRuleTexts();
  const navigate = useNavigate();
  const changed = useAlertsChanged();
  const { draft, change, errorAt, refused, unsaved, leave, problems } = useRuleDraft(NEW_RULE);
  const create = useMutation({
    mutationFn: () => hub.alerts.create({ ...inputOf(draft), name: draft.name.trim() }),
    onError: refused,
    onSuccess: async ({ name }) => {
      leave();
      toast(t.created(name));
      void navigate({ to: '/alerts/rules/$name', params: { name } });
      await changed();
    },
  });
  return (
    <Page title={t.newTitle} answer={t.newAnswer} back={{ to: '/alerts', label: t.back }}>
      <form className={styles['form']} onSubmit={(event) => event.preventDefault()} noValidate>
        <RuleForm isNew draft={draft} change={change} errorAt={errorAt} />
        <Refusal error={create.error} atFields={problems.length > 0} />
        <div className={styles['foot']}>
          <Button tone="primary" type="submit" needs="admin" busy={create.isPending} onClick={() => create.mutate()}>
            {t.create}
          </Button>
        </div>
      </form>
      <LeaveGuard unsaved={unsaved} />
    </Page>
  );
}

function StoredRule({ rule }: { rule: AlertRule }) {
  const t = useRuleTexts();
  const { language } = usePreferences();
  const changed = useAlertsChanged();
  const queries = useQueryClient();
  const may = useMay('admin');
  const [deleting, setDeleting] = useState(false);
  const { draft, change, dirty, errorAt, refused, unsaved, leave, problems } = useRuleDraft(draftOf(rule));
  const save = useMutation({
    mutationFn: (version: number) => hub.alerts.put(rule.name, inputOf(draft), { version }),
    onError: refused,
    onSuccess: async (saved) => {
      leave();
      toast(t.saved(rule.name));
      queries.setQueryData(ruleQuery(rule.name).queryKey, saved);
      await changed();
    },
  });
  const test = useMutation({ mutationFn: () => hub.alerts.test(rule.name) });
  const conflict = save.error instanceof ApiError && save.error.status === 412;
  return (
    <Page
      title={t.title(rule.name)}
      answer={
        <>
          {rule.enabled ? null : <strong>{t.off} </strong>}
          {ruleWords(rule, language)}
        </>
      }
      back={{ to: '/alerts', label: t.back }}
      actions={
        <>
          <Button
            icon={<Send aria-hidden />}
            needs="operator"
            busy={test.isPending}
            disabledReason={dirty ? t.testUnsaved : rule.notify.length === 0 ? t.testNobody : null}
            onClick={() => test.mutate()}
          >
            {t.test}
          </Button>
          <Button icon={<Trash2 aria-hidden />} tone="danger" needs="admin" onClick={() => setDeleting(true)}>
            {t.remove}
          </Button>
        </>
      }
    >
      {test.error === null ? null : <ErrorNote error={test.error} />}
      {test.data === undefined ? null : <TestResult test={test.data} />}
      {may ? null : <Note>{t.readOnly}</Note>}
      <form className={styles['form']} onSubmit={(event) => event.preventDefault()} noValidate>
        <fieldset className={styles['whole']} disabled={!may} aria-label={t.title(rule.name)}>
          <RuleForm isNew={false} draft={draft} change={change} errorAt={errorAt} />
        </fieldset>
        {conflict ? (
          <Note
            tone="amber"
            action={
              <>
                <Button size="small" onClick={() => void queries.invalidateQueries({ queryKey: ruleQuery(rule.name).queryKey })}>
                  {t.take}
                </Button>
                <Button
                  size="small"
                  tone="danger"
                  needs="admin"
                  onClick={() => void hub.alerts.get(rule.name).then(({ version }) => save.mutate(version))}
                >
                  {t.overwrite}
                </Button>
              </>
            }
          >
            {t.conflict}
          </Note>
        ) : (
          <Refusal error={save.error} atFields={problems.length > 0} />
        )}
        <div className={styles['foot']}>
          <Button
            tone="primary"
            type="submit"
            needs="admin"
            busy={save.isPending}
            disabledReason={dirty ? null : t.nothingChanged}
            onClick={() => save.mutate(rule.version)}
          >
            {t.save}
          </Button>
        </div>
      </form>
      <LeaveGuard unsaved={unsaved} />
      <DeleteRuleDialog rule={rule} open={deleting} onClose={() => setDeleting(false)} onDeleted={leave} />
    </Page>
  );
}

/** What is wrong stands at its fields; here only that something is. */
function Refusal({ error, atFields }: { error: Error | null; atFields: boolean }) {
  const t = useRuleTexts();
  if (error === null) return null;
  return atFields ? (
    <Note tone="red">{t.wrong}</Note>
  ) : error instanceof ApiError && error.status === 422 ? null : (
    <ErrorNote error={error} />
  );
}
