/** Sign-in with a key; links come through the address. */
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { hub } from '../api/client.ts';
import { sessionQuery } from '../api/session.ts';
import { defineTexts } from '../i18n/texts.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Field, TextInput } from '../parts/field.tsx';
import { Logo } from './logo.tsx';
import styles from './shell.module.css';

const useTexts = defineTexts({
  en: {
    title: 'Sign in to Nave',
    key: 'API key',
    help: 'The first start wrote an admin key to .nave/admin.key, or printed it together with a sign-in link. Further keys are made under Settings.',
    signIn: 'Sign in',
    missing: 'Type or paste a key',
  },
  cs: {
    title: 'Přihlášení do Nave',
    key: 'API klíč',
    help: 'První spuštění zapsalo klíč správce do .nave/admin.key, nebo ho vypsalo spolu s přihlašovacím odkazem. Další klíče se vytvářejí v Nastavení.',
    signIn: 'Přihlásit',
    missing: 'Napište nebo vložte klíč',
  },
});

/** @param props.refused why the sign-in link did not work */
export function SignInPage({ refused }: { refused: Error | null }) {
  const t = useTexts();
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(refused);
  useEffect(() => {
    document.title = t.title;
  }, [t.title]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (key.trim() === '') return setError(new Error(t.missing));
    setBusy(true);
    try {
      const session = await hub.session.open({ key: key.trim() });
      // What somebody else read before is not for this one.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      queries.setQueryData(sessionQuery.queryKey, session);
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className={styles['gate']}>
      <form className={styles['signIn']} onSubmit={(event) => void submit(event)}>
        <Logo size={40} />
        <h1>{t.title}</h1>
        <Field label={t.key} help={t.help}>
          <TextInput type="password" autoComplete="current-password" name="key" value={key} onValue={setKey} maxLength={512} autoFocus />
        </Field>
        {error === null ? null : <ErrorNote error={error} />}
        <Button tone="primary" type="submit" busy={busy}>
          {t.signIn}
        </Button>
      </form>
    </main>
  );
}
