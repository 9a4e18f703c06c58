/** A message delivered anew with another body: only for admins, and always audited. */
import type { Message, MessagePayload } from '@nave/api-schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { LockKeyhole } from 'lucide-react';
import { useMemo, useState } from 'react';
import { hub } from '../../api/client.ts';
import { Button } from '../../parts/button.tsx';
import { CodeEditor } from '../../parts/code-editor/code-editor.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Checkbox, Field, TextInput } from '../../parts/field.tsx';
import { Note } from '../../parts/note.tsx';
import { payloadForm } from '../../parts/payload/payload-form.ts';
import { toast } from '../../parts/toasts.tsx';
import { useActionTexts } from './action-texts.ts';
import { useDetailTexts } from './detail-texts.ts';
import styles from './messages.module.css';
import { useReveal } from './use-reveal.ts';

const WIDTH = 760;

export function EditedReplayDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useActionTexts();
  const { reveal: revealWord } = useDetailTexts();
  const reveal = useReveal(message.id);
  if (reveal.payload !== null) return <Editor message={message} payload={reveal.payload} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.replay.editTitle}
      width={WIDTH}
      footer={
        <Button tone="primary" needs="admin" icon={<LockKeyhole aria-hidden />} busy={reveal.busy} onClick={() => void reveal.reveal()}>
          {revealWord}
        </Button>
      }
    >
      <p>{t.replay.editReveal}</p>
      {reveal.error === null ? null : <ErrorNote error={reveal.error} />}
    </Dialog>
  );
}

function Editor({ message, payload, onClose }: { message: Message; payload: MessagePayload; onClose: () => void }) {
  const t = useActionTexts();
  const navigate = useNavigate();
  const queries = useQueryClient();
  // Indented for people; sent as it stands in the editor.
  const form = useMemo(() => payloadForm({ text: payload.body, base64: payload.bodyBase64 }, payload.contentType), [payload]);
  const original = form.kind === 'binary' ? null : form.text;
  const [body, setBody] = useState(original ?? '');
  const [contentType, setContentType] = useState(payload.contentType);
  const [force, setForce] = useState(false);
  const replay = useMutation({
    mutationFn: () =>
      hub.messages.replayEdited(message.id, {
        body,
        ...(contentType === payload.contentType ? {} : { contentType }),
        ...(force ? { force } : {}),
      }),
    async onSuccess({ messageId: id }) {
      toast(t.replay.editDone, { action: { label: t.show, run: () => void navigate({ to: '/messages/$id', params: { id } }) } });
      onClose();
      await Promise.all(['messages', 'deliveries'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
  });
  const unchanged = body === original && contentType === payload.contentType;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.replay.editTitle}
      width={WIDTH}
      footer={
        <Button
          tone="primary"
          needs="admin"
          busy={replay.isPending}
          disabledReason={original === null ? t.replay.binary : unchanged ? t.replay.unchanged : null}
          onClick={() => replay.mutate()}
        >
          {t.replay.editAction}
        </Button>
      }
    >
      <div className={styles['section']}>
        <Note tone="amber">{t.replay.editHappens}</Note>
        {original === null ? (
          <p>{t.replay.binary}</p>
        ) : (
          <CodeEditor
            value={body}
            onChange={setBody}
            language={form.kind === 'json' || form.kind === 'xml' ? form.kind : 'text'}
            label={t.replay.body}
            minHeight={200}
            maxHeight={380}
          />
        )}
        <Field label={t.replay.contentType}>
          <TextInput value={contentType} onValue={setContentType} spellCheck={false} maxLength={255} />
        </Field>
        <Checkbox label={t.replay.force} checked={force} onChecked={setForce} />
        {replay.error === null ? null : <ErrorNote error={replay.error} />}
      </div>
    </Dialog>
  );
}
