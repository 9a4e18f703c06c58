/** The editor of a stored route. */
import type { Route } from '@nave/api-schema';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Button } from '../../parts/button.tsx';
import { useEditorTexts } from './editor-texts.ts';
import { usePageTexts } from './page-texts.ts';
import { RouteEditor } from './route-editor.tsx';
import type { RouteSave } from './use-route-save.ts';

const here = getRouteApi('/routes/$name');
const ConflictDialog = lazy(() => import('./conflict-dialog.tsx'));

export function EditTab({ route, save }: { route: Route; save: RouteSave }) {
  const t = usePageTexts();
  const words = useEditorTexts();
  const { view, message } = here.useSearch();
  const navigate = here.useNavigate();
  const { draft } = save;
  return (
    <>
      <RouteEditor
        draft={draft}
        name={route.name}
        view={view === 'yaml' ? 'yaml' : 'form'}
        onView={(next) =>
          void navigate({ search: (before) => ({ ...before, tab: 'edit', view: next === 'yaml' ? next : undefined }), replace: true })
        }
        messageId={message ?? null}
        saveLabel={words.save}
        saving={save.saving}
        error={save.error}
        onSave={() => save.save()}
        actions={draft.dirty ? <Button onClick={() => save.begin(route)}>{t.drop}</Button> : null}
      />
      {save.conflict ? (
        <Suspense>
          <ConflictDialog
            name={route.name}
            mine={draft.document}
            onClose={save.closeConflict}
            onTake={(stored) => save.begin(stored)}
            onKeep={(version) => {
              save.closeConflict();
              save.save(version);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}
