/** The settings of a spoke: the same form it was made by; saved only over the version that was read. */
import type { Kind, Spoke } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { defineTexts } from '../../i18n/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Field, TextInput } from '../../parts/field.tsx';
import { LeaveGuard } from '../../parts/leave-guard.tsx';
import { Note } from '../../parts/note.tsx';
import { ownValue } from '../../parts/schema-form/schema-shape.ts';
import { Switch } from '../../parts/switch.tsx';
import { toast } from '../../parts/toasts.tsx';
import { CheckDialog } from './check-dialog.tsx';
import { ConflictDialog } from './form/conflict-dialog.tsx';
import { useFormWords } from './form/form-texts.ts';
import { documentOf, inputOf, setField } from './form/spoke-document.ts';
import { SpokeEditor } from './form/spoke-editor.tsx';
import styles from './form/spoke-form.module.css';
import { verifySchema } from './form/spoke-schemas.ts';
import { useDraft } from './form/use-draft.ts';
import { takesDeliveries } from './spoke-health.ts';
import { useSpokesChanged } from './use-spokes.ts';

const useTexts = defineTexts({
  en: {
    save: 'Save changes',
    saved: 'Saved',
    check: 'Check',
    nothing: 'Nothing was changed.',
    discard: 'Discard changes',
    needs: 'Changing settings takes the role admin.',
    changed: 'Somebody saved another version while you are writing. Saving will show you what is different.',
  },
  cs: {
    save: 'Uložit změny',
    saved: 'Uloženo',
    check: 'Vyzkoušet spojení',
    nothing: 'Nic se nezměnilo.',
    discard: 'Zahodit změny',
    needs: 'K úpravám nastavení je potřeba role admin.',
    changed: 'Zatímco píšete, někdo uložil jinou verzi. Při ukládání uvidíte rozdíl.',
  },
});

export function SettingsTab({ spoke, kind }: { spoke: Spoke; kind: Kind }) {
  const t = useTexts();
  const words = useFormWords();
  const queries = useQueryClient();
  const changed = useSpokesChanged();
  const may = useMay('admin');
  const [version, setVersion] = useState(spoke.version);
  const draft = useDraft(documentOf(spoke));
  const [conflict, setConflict] = useState(false);
  const [checking, setChecking] = useState(false);
  const save = useMutation({
    mutationFn: (over: number) => hub.spokes.put(spoke.name, inputOf(draft.document), { version: over }),
    onSuccess: async (stored) => {
      draft.reset(documentOf(stored));
      setVersion(stored.version);
      queries.setQueryData(['spokes', spoke.name], stored);
      toast(t.saved, takesDeliveries(stored) ? { action: { label: t.check, run: () => setChecking(true) } } : {});
      await changed();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 412) setConflict(true);
      else draft.refused(error);
    },
  });
  // Nothing was written yet: what somebody else saved is simply shown.
  if (!draft.dirty && spoke.version > version && !save.isPending) {
    draft.reset(documentOf(spoke));
    setVersion(spoke.version);
  }
  const stale = error412(save.error);
  return (
    <>
      {may ? null : <Note tone="amber">{t.needs}</Note>}
      {draft.dirty && spoke.version > version ? <Note tone="amber">{t.changed}</Note> : null}
      <SpokeEditor
        key={version}
        kind={kind}
        draft={draft}
        disabled={!may}
        saveLabel={t.save}
        saving={save.isPending}
        saveReason={draft.dirty ? null : t.nothing}
        error={save.error !== null && draft.errors.length === 0 && !stale ? save.error : null}
        onSave={() => save.mutate(version)}
        actions={draft.dirty ? <Button onClick={() => draft.reset(documentOf(spoke))}>{t.discard}</Button> : null}
      >
        <div className={styles['panel']}>
          <Field label={words.title} help={words.titleHelp} error={draft.errors.find(({ path }) => path === '/title')?.message}>
            <TextInput
              value={String(ownValue(draft.document, 'title') ?? '')}
              onValue={(title) => draft.change(setField(draft.document, 'title', title))}
              maxLength={200}
              disabled={!may}
            />
          </Field>
          <Switch
            label={words.enabled}
            help={words.enabledHelp}
            needs="admin"
            checked={ownValue(draft.document, 'enabled') !== false}
            onChecked={(enabled) => draft.change(setField(draft.document, 'enabled', enabled))}
          />
        </div>
      </SpokeEditor>
      {conflict ? (
        <ConflictDialog
          name={spoke.name}
          mine={draft.document}
          schema={{
            type: 'object',
            properties: {
              config: kind.config,
              credentials: kind.credentials,
              inbound: {
                type: 'object',
                properties: { verify: verifySchema(kind.verifySchemes, ownValue(ownValue(draft.document, 'inbound'), 'verify')) },
              },
            },
          }}
          onClose={() => setConflict(false)}
          onTake={(stored) => {
            setConflict(false);
            draft.reset(stored.document);
            setVersion(stored.version);
            void changed();
          }}
          onKeep={(over) => {
            setConflict(false);
            save.mutate(over);
          }}
        />
      ) : null}
      {checking ? <CheckDialog spoke={spoke} onClose={() => setChecking(false)} /> : null}
      <LeaveGuard unsaved={() => draft.dirty} />
    </>
  );
}

function error412(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 412;
}
