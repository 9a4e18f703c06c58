/** Who may come in: keys with their roles, made and revoked here. */
import type { Key } from '@nave/api-schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { hub } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';
import styles from './settings.module.css';
import { useSettingsTexts } from './texts.ts';

const KEYS_MAX = 200;
const keyOf = (key: Key) => key.id;

export function KeysSection() {
  const t = useSettingsTexts();
  const mayAdmin = useMay('admin');
  const queries = useQueryClient();
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => hub.keys.list({ limit: KEYS_MAX }), enabled: mayAdmin });
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const revoke = useMutation({
    mutationFn: (key: Key) => hub.keys.delete(key.id),
    onSuccess: (_, { name }) => {
      setRevoking(null);
      toast(t.revoked(name));
      return queries.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  const columns = useMemo<Column<Key>[]>(
    () => [
      { id: 'name', header: t.name, grow: 2, width: 160, cell: ({ name, bootstrap }) => `${name}${bootstrap ? ` (${t.bootstrap})` : ''}` },
      { id: 'role', header: t.role, width: 100, priority: 5, cell: ({ role }) => role },
      { id: 'spokes', header: t.spokes, grow: 1, width: 120, priority: 1, cell: ({ spokes }) => spokes.join(', ') || '–' },
      { id: 'used', header: t.lastUsed, width: 140, priority: 3, cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
      {
        id: 'expires',
        header: t.expires,
        width: 140,
        priority: 2,
        cell: ({ expiresAt }) => (expiresAt === null ? t.never : <Time at={expiresAt} />),
      },
      {
        id: 'actions',
        header: t.actions,
        width: 110,
        align: 'right',
        priority: 4,
        cell: (key) => (
          <IconButton
            label={t.revokeKey(key.name)}
            icon={<Trash2 aria-hidden />}
            size="small"
            needs="admin"
            onClick={() => setRevoking(key)}
          />
        ),
      },
    ],
    [t],
  );
  if (!mayAdmin) return <EmptyState icon={<KeyRound aria-hidden />} title={t.keysNeedAdmin} />;
  return (
    <div className={styles['stack']}>
      <div className={styles['row']}>
        <span className="soft">{keys.data === undefined ? '' : t.keysAnswer(keys.data.items.length)}</span>
        <Button tone="primary" needs="admin" icon={<Plus aria-hidden />} onClick={() => setMaking(true)}>
          {t.newKey}
        </Button>
      </div>
      {keys.error === null ? null : <ErrorNote error={keys.error} onRetry={() => void keys.refetch()} />}
      <DataTable
        label={t.tabs.keys}
        rows={keys.data?.items ?? []}
        columns={columns}
        rowKey={keyOf}
        loading={keys.isPending}
        storageKey="keys"
        empty={<EmptyState title={t.noKeys} />}
        fit
      />
      <NewKeyDialog open={making} onClose={() => setMaking(false)} />
      <ConfirmDialog
        open={revoking !== null}
        onClose={() => {
          setRevoking(null);
          revoke.reset();
        }}
        title={t.revokeKey(revoking?.name ?? '')}
        action={t.revoke}
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking !== null && revoke.mutate(revoking)}
      >
        <p>{t.revokeMeans}</p>
      </ConfirmDialog>
    </div>
  );
}
