/** The dashboard starts here. */
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.ts';
import { sessionQuery } from './api/session.ts';
import { TooltipProvider } from './parts/tooltip.tsx';
import { createAppRouter, fetchPage, readAhead } from './router.tsx';
import { isSignInLink, SessionGate } from './shell/session-gate.tsx';
import './theme/tokens.css';
import './theme/base.css';

// The Content-Security-Policy lets in only styles that carry the nonce of this page; parts that write their own ask for it here.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
if (nonce !== undefined) setNonce(nonce);

const queries = createQueryClient();
const router = createAppRouter(queries);
// While the hub is asked who is there.
fetchPage(router);
if (!isSignInLink(window.location.hash)) {
  queries.fetchQuery(sessionQuery).then(
    () => readAhead(queries, router),
    () => undefined,
  );
}
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <TooltipProvider delayDuration={400}>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
      </TooltipProvider>
    </QueryClientProvider>
  </StrictMode>,
);
