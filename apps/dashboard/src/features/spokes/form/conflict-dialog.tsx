/** Somebody else saved the spoke while it was being edited: shows what is different, and lets one choose. */
import { useQuery } from '@tanstack/react-query';
import { hub } from '../../../api/client.ts';
import { defineTexts } from '../../../i18n/texts.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { DiffView } from '../../../parts/diff-view.tsx';
import { ErrorNote } from '../../../parts/error-note.tsx';
import { SkeletonRows } from '../../../parts/skeleton.tsx';
import { documentOf, type SpokeDocument } from './spoke-document.ts';
import { withoutSecrets } from './without-secrets.ts';

const useTexts = defineTexts({
  en: {
    title: 'Somebody changed it meanwhile',
    words: 'Nothing of yours was saved. Left is what is stored now, right is what you wrote; new secrets are not shown.',
    theirs: 'Stored now',
    mine: 'Yours',
    take: 'Take what is stored',
    keep: 'Save mine over it',
    back: 'Back to the form',
  },
  cs: {
    title: 'Mezitím to někdo změnil',
    words: 'Z vašich změn se nic neuložilo. Vlevo je, co je uloženo teď, vpravo vaše verze; nová hesla se neukazují.',
    theirs: 'Uloženo',
    mine: 'Vaše',
    take: 'Převzít uložené',
    keep: 'Přepsat mou verzí',
    back: 'Zpět k formuláři',
  },
});

export interface ConflictDialogProps {
  name: string;
  mine: SpokeDocument;
  /** Of the document, to know its secrets. */
  schema: unknown;
  onClose: () => void;
  onTake: (stored: { document: SpokeDocument; version: number }) => void;
  onKeep: (version: number) => void;
}

export function ConflictDialog({ name, mine, schema, onClose, onTake, onKeep }: ConflictDialogProps) {
  const t = useTexts();
  const stored = useQuery({ queryKey: ['spokes', name, 'conflict'], queryFn: () => hub.spokes.get(name), staleTime: 0, gcTime: 0 });
  const { data } = stored;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.title}
      description={t.words}
      width={960}
      footer={
        <>
          <Button onClick={onClose}>{t.back}</Button>
          <Button
            disabledReason={data === undefined ? '…' : null}
            onClick={() => data && onTake({ document: documentOf(data), version: data.version })}
          >
            {t.take}
          </Button>
          <Button tone="danger" needs="admin" disabledReason={data === undefined ? '…' : null} onClick={() => data && onKeep(data.version)}>
            {t.keep}
          </Button>
        </>
      }
    >
      {stored.isError ? <ErrorNote error={stored.error} onRetry={() => void stored.refetch()} /> : null}
      {data === undefined ? (
        <SkeletonRows rows={6} height={18} />
      ) : (
        <DiffView
          before={JSON.stringify(documentOf(data), null, 2)}
          after={JSON.stringify(withoutSecrets(schema, mine), null, 2)}
          beforeLabel={t.theirs}
          afterLabel={t.mine}
          language="json"
          maxHeight={420}
        />
      )}
    </Dialog>
  );
}
