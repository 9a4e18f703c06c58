/** Nothing is shown to nobody: asks who is signed in, takes a sign-in link out of the address, and shows the sign-in otherwise. */
import { ApiError } from '@nave/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { hub } from '../api/client.ts';
import { sessionQuery } from '../api/session.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import styles from './shell.module.css';
import { SignInPage } from './sign-in-page.tsx';

const LINK = /^#link=(.+)$/;

/** @param hash of the address */
export function isSignInLink(hash: string): boolean {
  return LINK.test(hash);
}

export function SessionGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [link] = useState(() => LINK.exec(window.location.hash)?.[1] ?? null);
  const [opening, setOpening] = useState(link !== null);
  const [refused, setRefused] = useState<Error | null>(null);
  const session = useQuery({ ...sessionQuery, enabled: !opening });
  useEffect(() => {
    if (link === null) return;
    // The link works once: it must not stay in the history either.
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    let current = true;
    openOnce(link)
      .then((opened) => queries.setQueryData(sessionQuery.queryKey, opened))
      .catch((error: unknown) => current && setRefused(error instanceof Error ? error : new Error(String(error))))
      .finally(() => current && setOpening(false));
    return () => {
      current = false;
    };
  }, [link, queries]);

  const { data, error, refetch } = session;
  const signedOut = error instanceof ApiError && error.status === 401;
  if (data !== undefined && !signedOut) return children;
  if (signedOut) return <SignInPage refused={refused} />;
  return (
    <main className={styles['gate']}>
      <h1 className="visually-hidden">Nave</h1>
      {error === null ? <Skeleton width={320} height={160} /> : <ErrorNote error={error} onRetry={() => void refetch()} />}
    </main>
  );
}

/** A link is used up by the first call, and effects may run twice. */
let opened: { link: string; session: ReturnType<typeof hub.session.open> } | null = null;

function openOnce(link: string): ReturnType<typeof hub.session.open> {
  if (opened?.link !== link) opened = { link, session: hub.session.open({ link }) };
  return opened.session;
}
