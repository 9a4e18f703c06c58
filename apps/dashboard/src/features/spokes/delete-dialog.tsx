/** Deletes a spoke: says what still refers to it, how many open deliveries would be cancelled, and wants its name typed. */
import type { Spoke } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hub } from '../../api/client.ts';
import { defineTexts, plural } from '../../i18n/texts.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Note } from '../../parts/note.tsx';
import { toast } from '../../parts/toasts.tsx';
import { type References, referencesIn } from './references.ts';
import { queueQuery, useSpokesChanged } from './use-spokes.ts';

const useTexts = defineTexts({
  en: {
    title: (name: string) => `Delete ${name}?`,
    action: 'Delete spoke',
    forced: (n: number) => `Delete and cancel ${plural('en', n, { one: '# delivery', other: '# deliveries' })}`,
    gone: 'Its settings and secrets are destroyed, which cannot be undone. Messages and deliveries that are over stay in the history.',
    open: (n: number) =>
      `${plural('en', n, { one: '# delivery to it is open', other: '# deliveries to it are open' })}: deleting now cancels ${n === 1 ? 'it' : 'them'}. Or wait until ${n === 1 ? 'it is' : 'they are'} over.`,
    used: 'It is still in use. Change or delete these first:',
    route: 'route',
    alert: 'alert rule',
    done: (name: string) => `${name} is deleted`,
  },
  cs: {
    title: (name: string) => `Smazat ${name}?`,
    action: 'Smazat systém',
    forced: (n: number) => `Smazat a zrušit ${plural('cs', n, { one: '# doručení', other: '# doručení' })}`,
    gone: 'Jeho nastavení a hesla se zničí a nejde to vrátit. Zprávy a skončená doručení zůstanou v historii.',
    open: (n: number) =>
      `${plural('cs', n, { one: '# doručení do něj je otevřené', few: '# doručení do něj jsou otevřená', other: '# doručení do něj je otevřených' })}: smazáním se zruší. Nebo počkejte, až skončí.`,
    used: 'Ještě se používá. Nejdřív upravte nebo smažte:',
    route: 'trasa',
    alert: 'pravidlo výstrah',
    done: (name: string) => `Systém ${name} je smazán`,
  },
});

export function DeleteDialog({ spoke, onClose, onDeleted }: { spoke: Spoke; onClose: () => void; onDeleted: () => void }) {
  const t = useTexts();
  const changed = useSpokesChanged();
  const queue = useQuery(queueQuery(spoke.name));
  const remove = useMutation({
    mutationFn: (force: boolean) => hub.spokes.delete(spoke.name, { version: spoke.version, force }),
    onSuccess: async () => {
      toast(t.done(spoke.title));
      onClose();
      onDeleted();
      await changed();
    },
  });
  const refused = remove.error instanceof ApiError && remove.error.status === 409 ? referencesIn(remove.error.problem) : null;
  const open = refused?.deliveries ?? openOf(queue.data);
  const force = open > 0;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.title(spoke.title)}
      action={force ? t.forced(open) : t.action}
      danger
      name={spoke.name}
      busy={remove.isPending}
      error={refused !== null && hasMore(refused) ? null : remove.error}
      onConfirm={() => remove.mutate(force)}
    >
      <p>{t.gone}</p>
      {force ? <Note tone="amber">{t.open(open)}</Note> : null}
      {refused === null || refused.routes.length + refused.alerts.length === 0 ? null : (
        <Note tone="red">
          {t.used}
          <ul>
            {refused.routes.map((name) => (
              <li key={`route ${name}`}>
                {t.route}{' '}
                <Link to="/routes/$name" params={{ name }}>
                  {name}
                </Link>
              </li>
            ))}
            {refused.alerts.map((name) => (
              <li key={`alert ${name}`}>
                {t.alert}{' '}
                <Link to="/alerts/rules/$name" params={{ name }}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </Note>
      )}
    </ConfirmDialog>
  );
}

function hasMore({ routes, alerts, deliveries }: References): boolean {
  return routes.length + alerts.length > 0 || (deliveries ?? 0) > 0;
}

function openOf(queue: { depth: Record<'pending' | 'active' | 'retrying' | 'held' | 'unknown', number> } | undefined): number {
  if (queue === undefined) return 0;
  const { pending, active, retrying, held, unknown } = queue.depth;
  return pending + active + retrying + held + unknown;
}
