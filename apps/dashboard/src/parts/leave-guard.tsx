/** Asks before a page with unsaved changes is left. */
import { useBlocker } from '@tanstack/react-router';
import { defineTexts } from '../i18n/texts.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

const useTexts = defineTexts({
  en: {
    title: 'Leave without saving?',
    words: 'What you changed here is not saved and will be lost.',
    leave: 'Leave and lose the changes',
  },
  cs: { title: 'Odejít bez uložení?', words: 'Změny tady nejsou uložené a ztratí se.', leave: 'Odejít a změny zahodit' },
});

/** @param props.unsaved asked at the moment of leaving. Another tab or filter of the same page is no leaving: what is written there stays. */
export function LeaveGuard({ unsaved }: { unsaved: () => boolean }) {
  const t = useTexts();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && unsaved(),
    enableBeforeUnload: unsaved,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={t.title}
      action={t.leave}
      danger
      onConfirm={() => blocker.proceed?.()}
    >
      <p>{t.words}</p>
    </ConfirmDialog>
  );
}
