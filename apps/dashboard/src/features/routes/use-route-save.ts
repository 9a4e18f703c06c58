/** The draft of a stored route and what saves it: only over the version that it was begun with. */
import type { Route } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { hub } from '../../api/client.ts';
import { toast } from '../../parts/toasts.tsx';
import { useEditorTexts } from './editor-texts.ts';
import { documentOf, inputOf } from './route-document.ts';
import { type RouteDraft, useDraft } from './use-draft.ts';
import { routeQuery, useRoutesChanged } from './use-routes.ts';

export interface RouteSave {
  draft: RouteDraft;
  saving: boolean;
  /** What no field shows. */
  error: Error | null;
  /** Somebody else saved in between. */
  conflict: boolean;
  closeConflict: () => void;
  /** @param over a version that the person has seen, to be replaced */
  save: (over?: number) => void;
  /** Begins anew with what is stored. */
  begin: (route: Pick<Route, 'version'> & Parameters<typeof documentOf>[0]) => void;
}

export function useRouteSave(route: Route): RouteSave {
  const t = useEditorTexts();
  const queries = useQueryClient();
  const changed = useRoutesChanged();
  const [version, setVersion] = useState(route.version);
  const [conflict, setConflict] = useState(false);
  const draft = useDraft(documentOf(route));
  const begin: RouteSave['begin'] = (stored) => {
    draft.reset(documentOf(stored, draft.document));
    setVersion(stored.version);
    setConflict(false);
  };
  const put = useMutation({
    mutationFn: (over: number) => hub.routes.put(route.name, inputOf(draft.document), { version: over }),
    onSuccess: async (saved) => {
      begin(saved);
      queries.setQueryData(routeQuery(route.name).queryKey, saved);
      toast(t.saved(saved.name, saved.version));
      await changed();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 412) setConflict(true);
      else draft.refuse(error);
    },
  });
  // Read anew while nothing was written here: then what is stored is shown.
  const follow = useEffectEvent(() => {
    if (!draft.dirty && route.version !== version) begin(route);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is what is followed
  useEffect(() => follow(), [route.version]);
  const shown = put.error !== null && !(put.error instanceof ApiError && put.error.status === 412) && draft.refused.length === 0;
  return {
    draft,
    saving: put.isPending,
    error: shown ? put.error : null,
    conflict,
    closeConflict: () => setConflict(false),
    save: (over = version) => put.mutate(over),
    begin,
  };
}
