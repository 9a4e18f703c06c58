/** What can be done with a route from its row and its page: enable, disable, duplicate, delete. */
import type { Route } from '@nave/api-schema';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Copy, Pencil, Power, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import type { MenuItem } from '../../parts/menu.tsx';
import { toast } from '../../parts/toasts.tsx';
import { DeleteRouteDialog } from './delete-route-dialog.tsx';
import { useListTexts } from './list-texts.ts';
import { useRoutesChanged } from './use-routes.ts';

export interface RouteActions {
  menuOf: (route: Route) => MenuItem[];
  deleting: Route | null;
  setDeleting: (route: Route | null) => void;
}

export function useRouteActions(): RouteActions {
  const t = useListTexts();
  const navigate = useNavigate();
  const changed = useRoutesChanged();
  const [deleting, setDeleting] = useState<Route | null>(null);
  const enable = useMutation({
    mutationFn: (route: Route) => hub.routes.patch(route.name, { enabled: !route.enabled }, { version: route.version }),
    onSuccess: async (route) => {
      toast(route.enabled ? t.enabled(route.name) : t.disabled(route.name));
      await changed();
    },
    onError: async (error, route) => {
      toast(`${t.failed(route.name)}: ${error.message}`, { tone: 'error' });
      await changed();
    },
  });
  return {
    deleting,
    setDeleting,
    menuOf: (route) => [
      {
        label: t.edit,
        icon: <Pencil aria-hidden />,
        onSelect: () => void navigate({ to: '/routes/$name', params: { name: route.name }, search: { tab: 'edit' } }),
      },
      {
        label: route.enabled ? t.disable : t.enable,
        icon: <Power aria-hidden />,
        needs: 'admin',
        onSelect: () => enable.mutate(route),
      },
      {
        label: t.duplicate,
        icon: <Copy aria-hidden />,
        needs: 'admin',
        onSelect: () => void navigate({ to: '/routes/new', search: { copy: route.name } }),
      },
      { label: t.remove, icon: <Trash2 aria-hidden />, needs: 'admin', danger: true, separated: true, onSelect: () => setDeleting(route) },
    ],
  };
}

/** @param props.onDeleted the route is gone, and so is its page */
export function RouteDialogs({ actions, onDeleted }: { actions: RouteActions; onDeleted?: () => void }) {
  const { deleting, setDeleting } = actions;
  if (deleting === null) return null;
  return <DeleteRouteDialog key={deleting.name} route={deleting} onClose={() => setDeleting(null)} onDeleted={() => onDeleted?.()} />;
}
