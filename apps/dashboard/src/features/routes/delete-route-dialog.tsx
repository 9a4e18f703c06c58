/** Deletes a route: says how many open deliveries would be cancelled, and then wants its name typed. */
import type { Route } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { useMutation } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Note } from '../../parts/note.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useListTexts } from './list-texts.ts';
import { useRoutesChanged } from './use-routes.ts';

export function DeleteRouteDialog({ route, onClose, onDeleted }: { route: Route; onClose: () => void; onDeleted: () => void }) {
  const t = useListTexts();
  const changed = useRoutesChanged();
  const remove = useMutation({
    mutationFn: (force: boolean) => hub.routes.delete(route.name, { version: route.version, force }),
    onSuccess: async () => {
      toast(t.deleted(route.name));
      onClose();
      onDeleted();
      await changed();
    },
  });
  const open = openIn(remove.error);
  return (
    <ConfirmDialog
      // Once it is known that something would be cancelled, the name has to be typed, from the start.
      key={open === null ? 'plain' : 'force'}
      open
      onClose={onClose}
      title={t.deleteTitle(route.name)}
      action={open === null ? t.deleteAction : t.deleteForce(open)}
      danger
      {...(open === null ? {} : { name: route.name })}
      busy={remove.isPending}
      error={open === null ? remove.error : null}
      onConfirm={() => remove.mutate(open !== null)}
    >
      <p>{t.deleteMeans}</p>
      {open === null ? null : <Note tone="amber">{t.deleteOpen(open)}</Note>}
    </ConfirmDialog>
  );
}

/** How many open deliveries a refusal speaks of; null: it is about something else. */
function openIn(error: Error | null): number | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  for (const { message } of error.problem.errors ?? []) {
    const [, count] = /^(\d+) open/.exec(message) ?? [];
    if (count !== undefined) return Number(count);
  }
  return null;
}
