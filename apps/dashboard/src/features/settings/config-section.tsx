/** Everything the hub is told as one YAML document: read, changed, compared, applied. */
import type { ConfigurationChange } from '@nave/api-schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download, GitCompareArrows, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { parse, stringify } from 'yaml';
import { hub } from '../../api/client.ts';
import { Button } from '../../parts/button.tsx';
import { CodeEditor } from '../../parts/code-editor/code-editor.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Checkbox } from '../../parts/field.tsx';
import { Note } from '../../parts/note.tsx';
import { download } from '../../parts/payload/download.ts';
import { Skeleton } from '../../parts/skeleton.tsx';
import { toast } from '../../parts/toasts.tsx';
import { configDocument } from './config-document.ts';
import styles from './settings.module.css';
import { useSettingsTexts } from './texts.ts';

const HEIGHT = 480;

export function ConfigSection() {
  const t = useSettingsTexts();
  const queries = useQueryClient();
  const config = useQuery({ queryKey: ['config'], queryFn: () => hub.config.get(), staleTime: Number.POSITIVE_INFINITY });
  const [edited, setEdited] = useState<string | null>(null);
  const [prune, setPrune] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const stored = config.data === undefined ? '' : stringify(configDocument(config.data), { lineWidth: 140, aliasDuplicateObjects: false });
  const text = edited ?? stored;
  const diff = useMutation({ mutationFn: async () => hub.config.diff(documentOf(text, t.notYaml), { prune }) });
  const apply = useMutation({
    mutationFn: async () => hub.config.apply(documentOf(text, t.notYaml), { prune }),
    onSuccess: async ({ items }) => {
      toast(t.applied(items.filter(({ action }) => action !== 'same').length));
      diff.reset();
      setEdited(null);
      setDeleting(false);
      await queries.invalidateQueries();
    },
  });
  const changes = diff.data?.items.filter(({ action }) => action !== 'same');
  const deleted = changes?.filter(({ action }) => action === 'delete') ?? [];
  const change = (next: string) => {
    setEdited(next);
    diff.reset();
    apply.reset();
  };
  if (config.error !== null) return <ErrorNote error={config.error} onRetry={() => void config.refetch()} />;
  if (config.data === undefined) return <Skeleton height={HEIGHT} />;
  return (
    <div className={styles['stack']}>
      <p className="soft">{t.configAnswer}</p>
      <CodeEditor value={text} onChange={change} language="yaml" label={t.editor} height={HEIGHT} />
      <div className={styles['row']}>
        <Button needs="admin" icon={<GitCompareArrows aria-hidden />} busy={diff.isPending} onClick={() => diff.mutate()}>
          {t.check}
        </Button>
        {changes === undefined || changes.length === 0 ? null : (
          <Button
            tone={deleted.length > 0 ? 'danger' : 'primary'}
            needs="admin"
            busy={apply.isPending}
            onClick={() => (deleted.length > 0 ? setDeleting(true) : apply.mutate())}
          >
            {t.apply(changes.length)}
          </Button>
        )}
        <Button
          icon={<RotateCw aria-hidden />}
          onClick={() => {
            setEdited(null);
            diff.reset();
            void config.refetch();
          }}
        >
          {t.reload}
        </Button>
        <Button icon={<Download aria-hidden />} onClick={() => download(text, 'nave.yaml')}>
          {t.download}
        </Button>
        <Checkbox
          label={t.prune}
          help={t.pruneHelp}
          checked={prune}
          onChecked={(next) => {
            setPrune(next);
            diff.reset();
          }}
        />
      </div>
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title={t.deletes(deleted.length)}
        action={t.apply(changes?.length ?? 0)}
        danger
        busy={apply.isPending}
        error={apply.error}
        onConfirm={() => apply.mutate()}
      >
        <ul>
          {deleted.map(({ resource, name }) => (
            <li key={`${resource} ${name}`}>
              {resource} <code>{name}</code>
            </li>
          ))}
        </ul>
        <p>{t.deletesMeans}</p>
      </ConfirmDialog>
      <div aria-live="polite">
        {diff.error === null ? null : <ErrorNote error={diff.error} />}
        {apply.error === null ? null : <ErrorNote error={apply.error} />}
        {changes === undefined ? null : changes.length === 0 ? <Note tone="green">{t.noChange}</Note> : <Changes changes={changes} />}
      </div>
    </div>
  );
}

function Changes({ changes }: { changes: readonly ConfigurationChange[] }) {
  const t = useSettingsTexts();
  return (
    <section>
      <h2>{t.changes}</h2>
      <ul className={styles['changes']}>
        {changes.map((one) => (
          <li key={`${one.resource} ${one.name}`}>
            <strong>{t.change[one.action]}</strong> {one.resource} <code>{one.name}</code>
            <ul>
              {one.changes.map(({ path, from, to }) => (
                <li key={path}>
                  <code>{path === '' ? '/' : path}</code>: <code>{shown(from)}</code> → <code>{shown(to)}</code>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

function shown(value: unknown): string {
  return value === undefined ? '–' : JSON.stringify(value);
}

/** What is written is sent as it is: the hub says what is wrong, field by field. @throws Error when it is no YAML */
function documentOf(text: string, complaint: string): Parameters<typeof hub.config.diff>[0] {
  try {
    return parse(text) ?? {};
  } catch (error) {
    throw new Error(`${complaint}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`);
  }
}
