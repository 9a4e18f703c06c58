/** Somebody else saved the route while it was being edited: shows what is different, and lets one choose. Loaded when it is needed. */
import type { Route } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DiffView } from '../../parts/diff-view.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { usePageTexts } from './page-texts.ts';
import { documentOf, type RouteDocument } from './route-document.ts';
import { yamlOf } from './route-yaml.ts';

export interface ConflictDialogProps {
  name: string;
  mine: RouteDocument;
  onClose: () => void;
  onTake: (stored: Route) => void;
  onKeep: (version: number) => void;
}

export default function ConflictDialog({ name, mine, onClose, onTake, onKeep }: ConflictDialogProps) {
  const t = usePageTexts();
  const { data, error, refetch } = useQuery({
    queryKey: ['routes', name, 'conflict'],
    queryFn: () => hub.routes.get(name),
    staleTime: 0,
    gcTime: 0,
  });
  const reason = data === undefined ? t.reading : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.conflict}
      description={t.conflictMeans}
      width={960}
      footer={
        <>
          <Button onClick={onClose}>{t.conflictBack}</Button>
          <Button disabledReason={reason} onClick={() => data && onTake(data)}>
            {t.conflictTake}
          </Button>
          <Button tone="danger" needs="admin" disabledReason={reason} onClick={() => data && onKeep(data.version)}>
            {t.conflictKeep}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        <SkeletonRows rows={6} height={18} />
      ) : (
        <DiffView
          before={yamlOf(documentOf(data))}
          after={yamlOf(mine)}
          beforeLabel={t.conflictStored(data.version)}
          afterLabel={t.conflictMine}
          language="yaml"
          maxHeight={420}
        />
      )}
    </Dialog>
  );
}
