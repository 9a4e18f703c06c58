/** A new spoke of a kind: its form, and after saving the check and what has to be pasted into the other system. */
import type { Kind, Spoke } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { hub } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { defineTexts } from '../../i18n/texts.ts';
import { buttonClass } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Field, TextInput } from '../../parts/field.tsx';
import { LeaveGuard } from '../../parts/leave-guard.tsx';
import { Note } from '../../parts/note.tsx';
import { Page } from '../../parts/page.tsx';
import { ownValue } from '../../parts/schema-form/schema-shape.ts';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { CreatedSpoke } from './created-spoke.tsx';
import { useFormWords } from './form/form-texts.ts';
import { firstDocument, inputOf, nameFrom, type SpokeDocument, setField } from './form/spoke-document.ts';
import { SpokeEditor } from './form/spoke-editor.tsx';
import styles from './form/spoke-form.module.css';
import { useDraft } from './form/use-draft.ts';
import { kindQuery, spokesQuery, useSpokesChanged } from './use-spokes.ts';

const route = getRouteApi('/spokes/new/$kind');
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

const useTexts = defineTexts({
  en: {
    title: (kind: string) => `New spoke: ${kind}`,
    kinds: 'All kinds',
    add: 'Add spoke',
    needs: 'This takes the role admin. You can look at what it would need.',
    taken: 'There is a spoke of this name already.',
    noKind: (kind: string) => `There is no kind ${kind}`,
    noKindMeans: 'This hub does not know it; the gallery shows what it knows.',
    gallery: 'Open the gallery',
  },
  cs: {
    title: (kind: string) => `Nový systém: ${kind}`,
    kinds: 'Všechny druhy',
    add: 'Přidat systém',
    needs: 'K tomu je potřeba role admin. Můžete se podívat, co by bylo třeba vyplnit.',
    taken: 'Systém tohoto jména už existuje.',
    noKind: (kind: string) => `Druh ${kind} neexistuje`,
    noKindMeans: 'Tento hub ho nezná; galerie ukazuje, co zná.',
    gallery: 'Otevřít galerii',
  },
});

export function NewSpokePage() {
  const t = useTexts();
  const { kind: name } = route.useParams();
  const kind = useQuery(kindQuery(name));
  const back = { to: '/spokes/new', label: t.kinds } as const;
  if (kind.data !== undefined) return <NewSpoke key={kind.data.kind} kind={kind.data} />;
  if (kind.error instanceof ApiError && kind.error.status === 404) {
    return (
      <Page title={t.noKind(name)} back={back}>
        <EmptyState
          title={t.noKind(name)}
          action={
            <Link to="/spokes/new" className={buttonClass('primary')}>
              {t.gallery}
            </Link>
          }
        >
          {t.noKindMeans}
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={t.title(name)} back={back}>
      {kind.isError ? <ErrorNote error={kind.error} onRetry={() => void kind.refetch()} /> : <SkeletonRows rows={8} height={44} />}
    </Page>
  );
}

function NewSpoke({ kind }: { kind: Kind }) {
  const t = useTexts();
  const words = useFormWords();
  const changed = useSpokesChanged();
  const queries = useQueryClient();
  const may = useMay('admin');
  const spokes = useQuery(spokesQuery);
  const [first] = useState(() => firstDocument(kind));
  const draft = useDraft(first);
  const given = ownValue(draft.document, 'title');
  const title = typeof given === 'string' ? given : '';
  const [ownName, setOwnName] = useState<string | null>(null);
  const [created, setCreated] = useState<{ spoke: Spoke; document: SpokeDocument } | null>(null);
  const saved = useRef(false);
  const name = ownName ?? nameFrom(title);
  const document = setField(draft.document, 'title', title === '' ? name : title);
  const create = useMutation({
    mutationFn: () => hub.spokes.create({ ...inputOf(document), name }),
    onSuccess: async (spoke) => {
      saved.current = true;
      queries.setQueryData(['spokes', spoke.name], spoke);
      setCreated({ spoke, document });
      await changed();
    },
    onError: (error) => draft.refused(error),
  });
  if (created !== null) return <CreatedSpoke kind={kind} spoke={created.spoke} document={created.document} />;
  const taken = spokes.data?.some((spoke) => spoke.name === name) === true;
  const nameError = taken ? t.taken : NAME.test(name) ? null : name === '' ? words.nameMissing : words.nameWrong;
  return (
    <Page title={t.title(kind.title)} answer={kind.summary} back={{ to: '/spokes/new', label: t.kinds }}>
      {may ? null : <Note tone="amber">{t.needs}</Note>}
      <SpokeEditor
        kind={kind}
        draft={draft}
        disabled={!may}
        saveLabel={t.add}
        saving={create.isPending}
        error={create.error !== null && draft.errors.length === 0 ? create.error : null}
        wrong={nameError === null ? 0 : 1}
        onSave={() => create.mutate()}
      >
        <div className={styles['panel']}>
          <div className={styles['row']}>
            <Field label={words.title} help={words.titleHelp} error={draft.errors.find(({ path }) => path === '/title')?.message}>
              <TextInput
                value={title}
                onValue={(next) => draft.change(setField(draft.document, 'title', next))}
                maxLength={200}
                placeholder={kind.title}
                disabled={!may}
              />
            </Field>
            <Field
              label={words.name}
              help={words.nameHelp}
              error={
                (draft.tried || ownName !== null || taken) && nameError !== null
                  ? nameError
                  : draft.errors.find(({ path }) => path === '/name')?.message
              }
            >
              <TextInput
                value={name}
                onValue={(next) => setOwnName(next === '' ? null : next)}
                className="mono"
                spellCheck={false}
                autoComplete="off"
                maxLength={63}
                disabled={!may}
              />
            </Field>
          </div>
        </div>
      </SpokeEditor>
      <LeaveGuard unsaved={() => !saved.current && draft.dirty} />
    </Page>
  );
}
