/** Who is signed in, and what that role may do. */
import type { Session } from '@nave/api-schema';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { hub } from './client.ts';

export type Role = 'viewer' | 'operator' | 'admin';

const RANK: Readonly<Record<string, number>> = { viewer: 1, operator: 2, admin: 3 };

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => hub.session.get(),
  staleTime: 5 * 60_000,
  retry: (failures, error) => failures < 3 && !('status' in error && error.status === 401),
});

/** Null before the sign-in. Only looks: asking is the gate's, or every button of the sign-in page would ask again. */
export function useSession(): Session | null {
  return useQuery({ ...sessionQuery, enabled: false }).data ?? null;
}

/** Whether the one who is signed in has this role, or a higher one. */
export function useMay(role: Role): boolean {
  const session = useSession();
  return session !== null && (RANK[session.role] ?? 0) >= (RANK[role] ?? 0);
}

/** Forgets everything that was read, for the next one to sign in. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await hub.session.end().catch(() => undefined);
    queries.clear();
    window.location.assign('/');
  };
}
