/** The dashboard's pages: a single page for every path of its own, and the files it is made of. The API it works with is the public one. */
import { HubError } from '@nave/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DashboardState } from '../../dashboard/dashboard.ts';
import { pathOf } from '../problem.ts';
import { failedPage, waitingPage } from './notice-page.ts';
import { noticePolicy, PAGE_HEADERS, pagePolicy } from './page-headers.ts';
import { sendFile } from './send-file.ts';
import { wantsPage } from './wants-page.ts';

export interface DashboardDeps {
  state: () => DashboardState;
  /** Unpredictable text for one answer. */
  nonce: () => string;
}

/** Answers a request that no route took, when it is for the dashboard; false when it is not. */
export type AnswerPage = (request: FastifyRequest, reply: FastifyReply) => boolean;

const RETRY_AFTER_SECONDS = 2;

/** Serves `/` and `/assets/*`; what is given back serves its other paths. */
export function serveDashboard(app: FastifyInstance, deps: DashboardDeps): AnswerPage {
  app.get('/', { schema: { hide: true } }, (_request, reply) => sendPage(reply, deps));
  app.get('/assets/*', { schema: { hide: true } }, (request, reply) => {
    const state = deps.state();
    const file = state.phase === 'ready' ? state.pages.files.get(pathOf(request.url)) : undefined;
    if (file) return sendFile(request, reply, file);
    // A page of another hub behind the same address may ask for it already.
    if (state.phase === 'building') return sendPage(reply, deps);
    throw new HubError('resource.not-found', { detail: 'The dashboard has no such file. After an update, load the page again.' });
  });
  return (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const state = deps.state();
    const file = state.phase === 'ready' ? state.pages.files.get(pathOf(request.url)) : undefined;
    if (file) sendFile(request, reply, file);
    else if (wantsPage(pathOf(request.url), request.headers.accept)) sendPage(reply, deps);
    else return false;
    return true;
  };
}

function sendPage(reply: FastifyReply, deps: DashboardDeps): FastifyReply {
  const state = deps.state();
  const nonce = deps.nonce();
  reply.headers(PAGE_HEADERS).header('content-security-policy', state.phase === 'ready' ? pagePolicy(nonce) : noticePolicy(nonce));
  if (state.phase === 'ready') return reply.send(state.pages.index.join(nonce));
  if (state.phase === 'failed') return reply.code(500).send(failedPage(nonce, state));
  return reply.code(503).header('retry-after', String(RETRY_AFTER_SECONDS)).send(waitingPage(nonce, RETRY_AFTER_SECONDS));
}
