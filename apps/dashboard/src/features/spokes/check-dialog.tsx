/** Checks a spoke at once when it opens, and shows what came of it. */
import type { Spoke } from '@nave/api-schema';
import { defineTexts } from '../../i18n/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { CheckResult, useCheck } from './check-result.tsx';

const useTexts = defineTexts({
  en: {
    title: (name: string) => `Check of ${name}`,
    what: 'A real round trip, with the stored credentials.',
    again: 'Check again',
    close: 'Close',
  },
  cs: {
    title: (name: string) => `Zkouška spojení: ${name}`,
    what: 'Skutečné volání s uloženými přihlašovacími údaji.',
    again: 'Zkusit znovu',
    close: 'Zavřít',
  },
});

export function CheckDialog({ spoke, onClose }: { spoke: Spoke; onClose: () => void }) {
  const t = useTexts();
  const check = useCheck(spoke.name, true);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.title(spoke.title)}
      description={t.what}
      footer={
        <>
          <Button onClick={onClose}>{t.close}</Button>
          <Button tone="primary" needs="operator" busy={check.isFetching} onClick={() => void check.refetch()}>
            {t.again}
          </Button>
        </>
      }
    >
      <CheckResult check={check} />
    </Dialog>
  );
}
