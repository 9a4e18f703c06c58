/** The versions of a route: who made them, what is different between two, and the way back to one. Loaded when it is first shown. */
import type { Route, RouteVersion } from '@nave/api-schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { useMemo, useState } from 'react';
import { hub } from '../../api/client.ts';
import { Button } from '../../parts/button.tsx';
import { CodeEditor } from '../../parts/code-editor/code-editor.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DiffView } from '../../parts/diff-view.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Field, Select } from '../../parts/field.tsx';
import { Panel } from '../../parts/page.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { usePageTexts } from './page-texts.ts';
import { documentOf, inputOf } from './route-document.ts';
import styles from './route-page.module.css';
import { yamlOfContent } from './route-yaml.ts';
import { routeQuery, useRoutesChanged, versionsQuery } from './use-routes.ts';

const here = getRouteApi('/routes/$name');
const keyOf = ({ version }: RouteVersion) => String(version);

export interface VersionsTabProps {
  route: Route;
  /** The editor holds changes: going back would lose them. */
  unsaved: boolean;
  onUsed: (route: Route) => void;
}

export default function VersionsTab({ route, unsaved, onUsed }: VersionsTabProps) {
  const t = usePageTexts();
  const search = here.useSearch();
  const navigate = here.useNavigate();
  const versions = useQuery(versionsQuery(route.name));
  const all = versions.data ?? [];
  const chosen = all.find(({ version }) => String(version) === search.version) ?? all[0];
  const against = all.find(({ version }) => String(version) === search.against) ?? otherThan(all, chosen, route.version);
  const choose = (changes: { version?: string; against?: string }) =>
    void navigate({ search: (before) => ({ ...before, tab: 'versions', ...changes }), replace: true });
  const columns = useMemo<Column<RouteVersion>[]>(
    () => [
      {
        id: 'version',
        header: t.version,
        width: 130,
        grow: 1,
        cell: ({ version }) => (
          <>
            {version} {version === route.version ? <span className="soft">· {t.current}</span> : null}
          </>
        ),
      },
      { id: 'by', header: t.by, width: 160, grow: 1, priority: 2, cell: ({ createdBy }) => <span className="mono">{createdBy}</span> },
      { id: 'at', header: t.at, width: 140, priority: 3, cell: ({ createdAt }) => <Time at={createdAt} /> },
    ],
    [t, route.version],
  );
  if (versions.error !== null && versions.data === undefined)
    return <ErrorNote error={versions.error} onRetry={() => void versions.refetch()} />;
  if (chosen === undefined) return <SkeletonRows rows={5} height={28} />;
  const options = all.map(({ version }) => ({ value: String(version), label: t.versionOf(version) }));
  return (
    <div className={styles['versions']}>
      <p className="soft">{t.versionsAnswer}</p>
      <DataTable
        label={t.tabs.versions}
        rows={all}
        columns={columns}
        rowKey={keyOf}
        onOpen={({ version }) => choose({ version: String(version) })}
        openKey={keyOf(chosen)}
        storageKey="route-versions"
        empty={null}
        fit
      />
      <Panel
        title={against === undefined ? t.versionOf(chosen.version) : t.compare}
        actions={<UseAgain key={chosen.version} route={route} version={chosen} unsaved={unsaved} onUsed={onUsed} />}
      >
        <div className={styles['versions']}>
          {against === undefined ? (
            <>
              <p className="soft">{t.oneVersion}</p>
              <CodeEditor
                value={yamlOfContent(chosen)}
                language="yaml"
                label={t.versionOf(chosen.version)}
                minHeight={80}
                maxHeight={600}
                readOnly
              />
            </>
          ) : (
            <>
              <div className={styles['compare']}>
                <Field label={t.before}>
                  <Select value={keyOf(chosen)} options={options} onValue={(version) => choose({ version })} />
                </Field>
                <Field label={t.after}>
                  <Select value={keyOf(against)} options={options} onValue={(version) => choose({ against: version })} />
                </Field>
              </div>
              <DiffView
                before={yamlOfContent(chosen)}
                after={yamlOfContent(against)}
                beforeLabel={t.versionOf(chosen.version)}
                afterLabel={t.versionOf(against.version)}
                language="yaml"
                maxHeight={600}
              />
            </>
          )}
        </div>
      </Panel>
    </div>
  );
}

/** An old one is compared with the one in use, the one in use with the one before. */
function otherThan(all: readonly RouteVersion[], chosen: RouteVersion | undefined, current: number): RouteVersion | undefined {
  if (chosen === undefined) return undefined;
  if (chosen.version !== current) return all.find(({ version }) => version === current);
  return all.find(({ version }) => version < chosen.version);
}

function UseAgain({ route, version, unsaved, onUsed }: VersionsTabProps & { version: RouteVersion }) {
  const t = usePageTexts();
  const queries = useQueryClient();
  const changed = useRoutesChanged();
  const [asking, setAsking] = useState(false);
  const put = useMutation({
    mutationFn: () => hub.routes.put(route.name, inputOf(documentOf(version)), { version: route.version }),
    onSuccess: async (saved) => {
      setAsking(false);
      queries.setQueryData(routeQuery(route.name).queryKey, saved);
      onUsed(saved);
      toast(t.usedAgain(version.version, saved.version));
      await changed();
    },
  });
  const reason = version.version === route.version ? t.isCurrent : unsaved ? t.unsavedFirst : null;
  return (
    <>
      <Button needs="admin" size="small" icon={<History aria-hidden />} disabledReason={reason} onClick={() => setAsking(true)}>
        {t.useAgain}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => {
          setAsking(false);
          put.reset();
        }}
        title={t.useAgainOf(version.version)}
        action={t.useAgain}
        busy={put.isPending}
        error={put.error}
        onConfirm={() => put.mutate()}
      >
        <p>{t.useAgainMeans(version.version, route.version + 1)}</p>
      </ConfirmDialog>
    </>
  );
}
