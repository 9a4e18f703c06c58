/** Deletes a rule: says what that means for what fires now. */
import type { AlertRule } from '@nave/api-schema';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { firingQuery } from '../../api/attention.ts';
import { hub } from '../../api/client.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useRuleTexts } from './rule-texts.ts';
import { useAlertsChanged } from './use-alerts.ts';

export interface DeleteRuleDialogProps {
  rule: AlertRule;
  open: boolean;
  onClose: () => void;
  /** Before the page is left: what was written there is gone, too. */
  onDeleted: () => void;
}

export function DeleteRuleDialog({ rule, open, onClose, onDeleted }: DeleteRuleDialogProps) {
  const t = useRuleTexts();
  const navigate = useNavigate();
  const changed = useAlertsChanged();
  const firing = useQuery(firingQuery).data?.items.filter((alert) => alert.rule === rule.name).length ?? 0;
  const remove = useMutation({
    mutationFn: () => hub.alerts.delete(rule.name, { version: rule.version }),
    onSuccess: async () => {
      onDeleted();
      toast(t.removed(rule.name));
      await navigate({ to: '/alerts', search: { tab: 'rules' } });
      await changed();
    },
  });
  return (
    <ConfirmDialog
      open={open}
      onClose={() => {
        remove.reset();
        onClose();
      }}
      title={t.removeTitle(rule.name)}
      action={t.removeAction}
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <p>{t.removeMeans(firing)}</p>
    </ConfirmDialog>
  );
}
