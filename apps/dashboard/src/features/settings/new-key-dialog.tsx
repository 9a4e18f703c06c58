/** Makes a key, and shows it this once. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Field, Select, TextInput } from '../../parts/field.tsx';
import { Note } from '../../parts/note.tsx';
import styles from './settings.module.css';
import { useSettingsTexts } from './texts.ts';

const ROLES = ['viewer', 'operator', 'admin', 'publish'] as const;
const EMPTY = { name: '', role: 'viewer' as (typeof ROLES)[number], spokes: '', expires: '' };

export function NewKeyDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useSettingsTexts();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(EMPTY);
  const create = useMutation({
    mutationFn: () =>
      hub.keys.create({
        name: draft.name.trim(),
        role: draft.role,
        ...(draft.role === 'publish' ? { spokes: namesIn(draft.spokes) } : {}),
        ...(draft.expires === '' ? {} : { expiresAt: new Date(draft.expires).toISOString() }),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  const made = create.data?.key;
  const close = () => {
    setDraft(EMPTY);
    create.reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t.newKey}
      footer={
        made === undefined ? (
          <Button
            tone="primary"
            needs="admin"
            busy={create.isPending}
            disabledReason={draft.name.trim() === '' ? t.nameMissing : null}
            onClick={() => create.mutate()}
          >
            {t.newKey}
          </Button>
        ) : (
          <Button tone="primary" onClick={close}>
            {t.done}
          </Button>
        )
      }
    >
      {made === undefined ? (
        <>
          <Field label={t.name} help={t.nameHelp}>
            <TextInput value={draft.name} onValue={(name) => setDraft({ ...draft, name })} maxLength={100} autoComplete="off" />
          </Field>
          <Field label={t.role}>
            <Select
              value={draft.role}
              options={ROLES.map((value) => ({ value, label: t.roles[value] }))}
              onValue={(value) => setDraft({ ...draft, role: ROLES.find((one) => one === value) ?? 'viewer' })}
            />
          </Field>
          {draft.role === 'publish' ? (
            <Field label={t.spokes} help={t.spokesHelp}>
              <TextInput value={draft.spokes} onValue={(spokes) => setDraft({ ...draft, spokes })} placeholder="shop, crm" />
            </Field>
          ) : null}
          <Field label={t.expires} help={t.expiresHelp} optional>
            <TextInput type="datetime-local" value={draft.expires} onValue={(expires) => setDraft({ ...draft, expires })} />
          </Field>
          {create.error === null ? null : <ErrorNote error={create.error} />}
        </>
      ) : (
        <>
          <Note tone="amber">{t.shownOnce}</Note>
          <div className={styles['row']}>
            <output className={styles['key']} aria-label={t.theKey}>
              {made}
            </output>
            <CopyButton text={made} what={t.theKey} />
          </div>
        </>
      )}
    </Dialog>
  );
}

function namesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}
