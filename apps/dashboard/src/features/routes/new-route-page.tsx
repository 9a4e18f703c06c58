/** Makes a route: from nothing, from a message that should go somewhere, or as a copy of another. */
import { ApiError } from '@nave/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { LeaveGuard } from '../../parts/leave-guard.tsx';
import { Page } from '../../parts/page.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useEditorTexts } from './editor-texts.ts';
import { useListTexts } from './list-texts.ts';
import { usePageTexts } from './page-texts.ts';
import { documentOf, emptyDocument, inputOf, type RouteDocument } from './route-document.ts';
import { RouteEditor } from './route-editor.tsx';
import { useDraft } from './use-draft.ts';
import { routeQuery, useRoutesChanged } from './use-routes.ts';

const here = getRouteApi('/routes/new');

export function NewRoutePage() {
  const t = usePageTexts();
  const list = useListTexts();
  const { from, type, to, message, copy } = here.useSearch();
  const origin = useQuery({
    queryKey: ['messages', message],
    queryFn: () => hub.messages.get(message ?? ''),
    enabled: message !== undefined,
  });
  const copied = useQuery({ ...routeQuery(copy ?? ''), enabled: copy !== undefined });
  const error = origin.error ?? copied.error;
  const waits = (message !== undefined && origin.isPending) || (copy !== undefined && copied.isPending);
  const back = { to: '/routes', label: list.title } as const;
  if (waits || error !== null) {
    return (
      <Page title={t.newTitle} back={back}>
        {error === null ? (
          <SkeletonRows rows={8} height={30} />
        ) : (
          <ErrorNote error={error} onRetry={() => void (message === undefined ? copied : origin).refetch()} />
        )}
      </Page>
    );
  }
  const empty = emptyDocument();
  const start: RouteDocument =
    copied.data === undefined
      ? {
          ...empty,
          spoke: from ?? origin.data?.source ?? '',
          type: type ?? origin.data?.type ?? '',
          steps: empty.steps.map((step) => ({ ...step, name: 'step-1', to: to ?? '' })),
        }
      : { ...documentOf(copied.data), enabled: false };
  return (
    <NewRoute
      key={`${message} ${copy} ${from} ${type} ${to}`}
      start={start}
      startName={copied.data === undefined ? '' : `${copied.data.name}-copy`.slice(0, 63)}
    />
  );
}

function NewRoute({ start, startName }: { start: RouteDocument; startName: string }) {
  const t = usePageTexts();
  const words = useEditorTexts();
  const list = useListTexts();
  const { view, message, copy } = here.useSearch();
  const navigate = here.useNavigate();
  const queries = useQueryClient();
  const changed = useRoutesChanged();
  const [name, setName] = useState(startName);
  const draft = useDraft(start);
  const create = useMutation({
    mutationFn: () => hub.routes.create({ ...inputOf(draft.document), name: name.trim() }),
    onSuccess: async (route) => {
      draft.reset(documentOf(route, draft.document));
      queries.setQueryData(routeQuery(route.name).queryKey, route);
      toast(words.created(route.name));
      await navigate({ to: '/routes/$name', params: { name: route.name } });
      await changed();
    },
    onError: (error) => draft.refuse(taken(error)),
  });
  return (
    <Page
      title={t.newTitle}
      back={{ to: '/routes', label: list.title }}
      answer={copy !== undefined ? t.copyAnswer(copy) : message !== undefined ? t.messageAnswer : t.newAnswer}
    >
      <LeaveGuard unsaved={() => draft.unsaved()} />
      <RouteEditor
        draft={draft}
        name={name}
        onName={setName}
        view={view === 'yaml' ? 'yaml' : 'form'}
        onView={(next) => void navigate({ search: (before) => ({ ...before, view: next === 'yaml' ? next : undefined }), replace: true })}
        messageId={message ?? null}
        saveLabel={words.create}
        saving={create.isPending}
        error={create.error !== null && draft.refused.length === 0 ? create.error : null}
        onSave={() => create.mutate()}
      />
    </Page>
  );
}

/** That the name is taken is told at the field of the name. */
function taken(error: Error): Error {
  if (!(error instanceof ApiError) || error.problem.code !== 'resource.exists') return error;
  return new ApiError({ ...error.problem, errors: [{ path: '/name', message: error.message }] });
}
