/** Saved views of the list: opened, saved, shared, deleted. */
import type { View, ViewInput } from '@nave/api-schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, Check, ChevronDown, Save, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { useMay, useSession } from '../../api/session.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Checkbox, Field, TextInput } from '../../parts/field.tsx';
import { Menu, type MenuItem } from '../../parts/menu.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useListTexts } from './list-texts.ts';
import type { MessageFilter } from './message-search.ts';

export interface ViewsMenuProps {
  filter: MessageFilter;
  /** Id of the view that is shown. */
  current: string | undefined;
  onOpen: (filter: MessageFilter, view: string | undefined) => void;
}

const VIEWS_MAX = 200;

export function ViewsMenu({ filter, current, onOpen }: ViewsMenuProps) {
  const t = useListTexts();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'save' | 'delete' | null>(null);
  const session = useSession();
  const admin = useMay('admin');
  const { data } = useQuery({ queryKey: ['views', 'messages'], queryFn: () => hub.views.list({ screen: 'messages', limit: VIEWS_MAX }) });
  const views = [...(data?.items ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  const shown = views.find(({ id }) => id === current);
  const mine = shown !== undefined && (admin || shown.owner === session?.name);
  const refresh = () => queries.invalidateQueries({ queryKey: ['views'] });
  const put = useMutation({
    mutationFn: ({ view, changes }: { view: View; changes: Partial<ViewInput> }) =>
      hub.views.put(view.id, { ...inputOf(view), ...changes }),
    onSuccess: ({ name }) => toast(t.viewSaved(name)),
    onError: (error) => toast(error.message, { tone: 'error' }),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (view: View) => hub.views.delete(view.id),
    onSuccess(_, view) {
      toast(t.viewDeleted(view.name));
      setDialog(null);
      onOpen(filter, undefined);
    },
    onSettled: refresh,
  });
  const items: MenuItem[] = [
    { label: t.viewsNone, icon: shown === undefined ? <Check size={14} aria-hidden /> : null, onSelect: () => onOpen({}, undefined) },
    ...views.map((view) => ({
      label: view.shared && view.owner !== session?.name ? `${view.name} (${t.viewOf(view.owner)})` : view.name,
      icon:
        view.id === current ? (
          <Check size={14} aria-hidden />
        ) : view.shared ? (
          <Users size={14} aria-hidden />
        ) : (
          <Bookmark size={14} aria-hidden />
        ),
      onSelect: () => onOpen(view.query, view.id),
    })),
    { label: t.viewSave, icon: <Save size={14} aria-hidden />, separated: true, onSelect: () => setDialog('save') },
    ...(shown === undefined || !mine ? [] : ownItems(shown)),
  ];

  function ownItems(view: View): MenuItem[] {
    return [
      {
        label: t.viewUpdate(view.name),
        icon: <Save size={14} aria-hidden />,
        onSelect: () => put.mutate({ view, changes: { query: queryOf(filter) } }),
      },
      {
        label: view.shared ? t.viewUnshare(view.name) : t.viewShare(view.name),
        icon: <Users size={14} aria-hidden />,
        onSelect: () => put.mutate({ view, changes: { shared: !view.shared } }),
      },
      { label: t.viewDelete(view.name), icon: <Trash2 size={14} aria-hidden />, danger: true, onSelect: () => setDialog('delete') },
    ];
  }

  return (
    <>
      <Menu
        trigger={
          <Button icon={<Bookmark aria-hidden />}>
            {shown?.name ?? t.views}
            <ChevronDown size={13} aria-hidden />
          </Button>
        }
        items={items}
      />
      {dialog === 'save' ? (
        <SaveDialog
          filter={filter}
          onClose={() => setDialog(null)}
          onSaved={(view) => {
            setDialog(null);
            toast(t.viewSaved(view.name));
            void refresh();
            onOpen(filter, view.id);
          }}
        />
      ) : null}
      {shown === undefined ? null : (
        <ConfirmDialog
          open={dialog === 'delete'}
          onClose={() => setDialog(null)}
          title={t.viewDeleteTitle}
          action={t.viewDeleteAction}
          danger
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(shown)}
        >
          <p>{t.viewDeleteText(shown.name, shown.shared)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function SaveDialog({ filter, onClose, onSaved }: { filter: MessageFilter; onClose: () => void; onSaved: (view: View) => void }) {
  const t = useListTexts();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const query = queryOf(filter);
  const create = useMutation({
    mutationFn: () => hub.views.create({ name: name.trim(), screen: 'messages', query, shared }),
    onSuccess: onSaved,
  });
  const empty = Object.keys(query).length === 0;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.viewSaveAs}
      action={t.viewSaveAs}
      busy={create.isPending}
      error={create.error}
      disabledReason={empty ? t.viewEmpty : name.trim() === '' ? t.viewName : null}
      onConfirm={() => create.mutate()}
    >
      {empty ? (
        <p>{t.viewEmpty}</p>
      ) : (
        <p className="soft">
          {Object.entries(query)
            .map(([key, value]) => `${key}: ${value}`)
            .join(' · ')}
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!empty && name.trim() !== '') create.mutate();
        }}
      >
        <Field label={t.viewName}>
          <TextInput value={name} onValue={setName} maxLength={100} autoComplete="off" />
        </Field>
      </form>
      <Checkbox label={t.viewShared} help={t.viewSharedHelp} checked={shared} onChecked={setShared} />
    </ConfirmDialog>
  );
}

function inputOf({ name, screen, query, shared }: View): ViewInput {
  return { name, screen, query, shared };
}

/** Without the parameters that are not set. */
function queryOf(filter: MessageFilter): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
