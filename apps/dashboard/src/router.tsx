/** Every page with its URL and the filters it keeps there. Pages are loaded when they are first opened. */
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { overviewFilter, readOverview } from './features/overview/overview-queries.ts';
import { SkeletonRows } from './parts/skeleton.tsx';
import { knownSearch, parseSearch, stringifySearch } from './search-params.ts';
import { AppLayout } from './shell/app-layout.tsx';
import { NotFound } from './shell/not-found.tsx';
import { PageFault } from './shell/page-fault.tsx';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: AppLayout, notFoundComponent: NotFound });
const at = { getParentRoute: () => root };

const overview = createRoute({
  ...at,
  path: '/',
  validateSearch: knownSearch('window', 'spoke', 'route', 'from', 'to'),
  component: lazyRouteComponent(() => import('./features/overview/overview-page.tsx'), 'OverviewPage'),
});
const map = createRoute({
  ...at,
  path: '/map',
  validateSearch: knownSearch('select', 'view'),
  component: lazyRouteComponent(() => import('./features/map/map-page.tsx'), 'MapPage'),
});
const messages = createRoute({
  ...at,
  path: '/messages',
  validateSearch: knownSearch('q', 'spoke', 'type', 'state', 'route', 'error', 'from', 'to', 'view', 'live'),
  component: lazyRouteComponent(() => import('./features/messages/messages-page.tsx'), 'MessagesPage'),
});
const message = createRoute({
  getParentRoute: () => messages,
  path: '$id',
  validateSearch: knownSearch('tab', 'delivery'),
  component: lazyRouteComponent(() => import('./features/messages/message-detail.tsx'), 'MessageDetail'),
});
const delivery = createRoute({
  ...at,
  path: '/deliveries/$id',
  component: lazyRouteComponent(() => import('./features/messages/delivery-redirect.tsx'), 'DeliveryRedirect'),
});
const issues = createRoute({
  ...at,
  path: '/issues',
  validateSearch: knownSearch('spoke', 'route', 'state', 'from', 'to', 'view', 'tab'),
  component: lazyRouteComponent(() => import('./features/issues/issues-page.tsx'), 'IssuesPage'),
});
const issue = createRoute({
  getParentRoute: () => issues,
  path: '$id',
  component: lazyRouteComponent(() => import('./features/issues/issue-detail.tsx'), 'IssueDetail'),
});
const replay = createRoute({
  ...at,
  path: '/replays/$id',
  component: lazyRouteComponent(() => import('./features/issues/replay-page.tsx'), 'ReplayPage'),
});
const replays = createRoute({
  ...at,
  path: '/replays',
  component: lazyRouteComponent(() => import('./features/issues/replays-page.tsx'), 'ReplaysPage'),
});
const queues = createRoute({
  ...at,
  path: '/queues',
  validateSearch: knownSearch('q', 'state', 'sort'),
  component: lazyRouteComponent(() => import('./features/queues/queues-page.tsx'), 'QueuesPage'),
});
const queue = createRoute({
  getParentRoute: () => queues,
  path: '$spoke',
  component: lazyRouteComponent(() => import('./features/queues/queue-detail.tsx'), 'QueueDetail'),
});
const spokes = createRoute({
  ...at,
  path: '/spokes',
  validateSearch: knownSearch('q', 'kind', 'family', 'state'),
  component: lazyRouteComponent(() => import('./features/spokes/spokes-page.tsx'), 'SpokesPage'),
});
const gallery = createRoute({
  ...at,
  path: '/spokes/new',
  validateSearch: knownSearch('q', 'family'),
  component: lazyRouteComponent(() => import('./features/spokes/gallery-page.tsx'), 'GalleryPage'),
});
const newSpoke = createRoute({
  ...at,
  path: '/spokes/new/$kind',
  component: lazyRouteComponent(() => import('./features/spokes/new-spoke-page.tsx'), 'NewSpokePage'),
});
const spoke = createRoute({
  ...at,
  path: '/spokes/$name',
  validateSearch: knownSearch('tab'),
  component: lazyRouteComponent(() => import('./features/spokes/spoke-page.tsx'), 'SpokePage'),
});
const routes = createRoute({
  ...at,
  path: '/routes',
  validateSearch: knownSearch('q', 'spoke', 'state', 'window'),
  component: lazyRouteComponent(() => import('./features/routes/routes-page.tsx'), 'RoutesPage'),
});
const newRoute = createRoute({
  ...at,
  path: '/routes/new',
  validateSearch: knownSearch('from', 'type', 'to', 'message', 'view', 'copy'),
  component: lazyRouteComponent(() => import('./features/routes/new-route-page.tsx'), 'NewRoutePage'),
});
const route = createRoute({
  ...at,
  path: '/routes/$name',
  validateSearch: knownSearch('tab', 'version', 'against', 'message', 'view', 'window'),
  component: lazyRouteComponent(() => import('./features/routes/route-page.tsx'), 'RoutePage'),
});
const ledger = createRoute({
  ...at,
  path: '/ledger',
  validateSearch: knownSearch('window'),
  component: lazyRouteComponent(() => import('./features/ledger/ledger-page.tsx'), 'LedgerPage'),
});
const alerts = createRoute({
  ...at,
  path: '/alerts',
  validateSearch: knownSearch('tab', 'rule', 'from', 'to'),
  component: lazyRouteComponent(() => import('./features/alerts/alerts-page.tsx'), 'AlertsPage'),
});
const newAlertRule = createRoute({
  ...at,
  path: '/alerts/rules/new',
  component: lazyRouteComponent(() => import('./features/alerts/alert-rule-page.tsx'), 'NewAlertRulePage'),
});
const alertRule = createRoute({
  ...at,
  path: '/alerts/rules/$name',
  component: lazyRouteComponent(() => import('./features/alerts/alert-rule-page.tsx'), 'AlertRulePage'),
});
const audit = createRoute({
  ...at,
  path: '/audit',
  validateSearch: knownSearch('actor', 'action', 'subject', 'from', 'to', 'view', 'entry'),
  component: lazyRouteComponent(() => import('./features/audit/audit-page.tsx'), 'AuditPage'),
});
const settings = createRoute({
  ...at,
  path: '/settings',
  validateSearch: knownSearch('tab'),
  component: lazyRouteComponent(() => import('./features/settings/settings-page.tsx'), 'SettingsPage'),
});

const tree = root.addChildren([
  overview,
  map,
  messages.addChildren([message]),
  delivery,
  issues.addChildren([issue]),
  replays,
  replay,
  queues.addChildren([queue]),
  spokes,
  gallery,
  newSpoke,
  spoke,
  routes,
  newRoute,
  route,
  ledger,
  alerts,
  newAlertRule,
  alertRule,
  audit,
  settings,
]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultPendingComponent: SkeletonRows,
    defaultPendingMs: 150,
    // A page that is ready is shown, however short its skeleton was: by default that stays for half a second.
    defaultPendingMinMs: 0,
    defaultErrorComponent: PageFault,
    defaultNotFoundComponent: NotFound,
  });
}

/** Fetches the files of the page that the address names, without waiting for anything else. What goes wrong is told when the page is shown. */
export function fetchPage(router: ReturnType<typeof createAppRouter>): void {
  const [matched] = router.getMatchedRoutes(router.latestLocation.pathname);
  for (const route of matched) router.loadRouteChunk(route)?.catch(() => undefined);
}

/** Reads what the first page shows while its files are on their way. Only the overview shows so much that it is worth it. */
export function readAhead(queries: QueryClient, router: ReturnType<typeof createAppRouter>): void {
  const { pathname, searchStr } = router.latestLocation;
  if (pathname === overview.fullPath) readOverview(queries, overviewFilter(parseSearch(searchStr)));
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
