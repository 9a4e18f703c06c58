/** `kinds`: what systems this hub knows, as data for forms and documents. */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ErasedAdapter } from '@nave/adapter-kit';
import { closed, Kind, KindList, Name, PROBLEM_REPLIES } from '@nave/api-schema';
import { formatDuration, HubError, type SpokePolicy } from '@nave/core';
import { VERIFY_SCHEME_DEFINITIONS } from '@nave/security';
import type { AdminDeps } from '../admin-deps.ts';

export const kindRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/kinds',
    {
      config: { role: 'viewer' },
      schema: { summary: 'List kinds of systems', tags: ['kinds'], response: { 200: KindList, ...PROBLEM_REPLIES } },
    },
    async () => {
      const items = [...deps.kinds.values()].map(({ kind, title, family, summary }) => ({ kind, title, family, summary }));
      return { items, nextCursor: null };
    },
  );

  app.get(
    '/kinds/:kind',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Show a kind: its configuration, operations and events',
        tags: ['kinds'],
        params: closed({ kind: Name }),
        response: { 200: Kind, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const kind = deps.kinds.get(request.params.kind);
      if (!kind) throw new HubError('resource.not-found', { detail: 'There is no kind of this name.' });
      return presentKind(kind);
    },
  );
};

function presentKind(adapter: ErasedAdapter): Kind {
  const { kind, title, family, summary, config, credentials, events, verify, defaults, docs } = adapter;
  return {
    ...{ kind, title, family, summary, config, credentials, docs },
    operations: adapter.operations.map((operation) => ({
      name: operation.name,
      title: operation.title,
      summary: operation.summary ?? null,
      input: operation.input,
      idempotent: operation.idempotent,
      lookup: operation.lookup ?? null,
      undo: operation.undo ?? null,
    })),
    events: events.map(({ type, summary: meaning }) => ({ type, summary: meaning })),
    polls: (adapter.polls ?? []).map((poll) => ({
      name: poll.name,
      title: poll.title,
      every: formatDuration(poll.everyMs),
      eventTypes: [...poll.eventTypes],
    })),
    verify: [...verify],
    verifySchemes: schemesFor(verify),
    defaults: presentDefaults(defaults),
  };
}

function schemesFor(fitting: readonly string[]): Kind['verifySchemes'] {
  const first = fitting.flatMap((name) => VERIFY_SCHEME_DEFINITIONS.filter((scheme) => scheme.name === name));
  const others = VERIFY_SCHEME_DEFINITIONS.filter(({ name }) => !fitting.includes(name));
  return [...first, ...others].map(({ name, title, summary, secretRequired, proves, options }) => ({
    ...{ scheme: name, title, summary, secretRequired, proves, options },
  }));
}

/** In the form in which a spoke's policy is written. */
function presentDefaults({ concurrency, timeoutMs, rate, retry, breaker }: Partial<SpokePolicy>): Record<string, unknown> {
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(timeoutMs === undefined ? {} : { timeout: formatDuration(timeoutMs) }),
    ...(rate ? { rate: { limit: rate.limit, per: formatDuration(rate.perMs) } } : {}),
    ...(retry
      ? {
          retry: {
            attempts: retry.attempts,
            base: formatDuration(retry.baseMs),
            max: formatDuration(retry.maxMs),
            factor: retry.factor,
            jitter: retry.jitter,
          },
        }
      : {}),
    ...(breaker ? { breaker: { failures: breaker.failures, cooldown: formatDuration(breaker.cooldownMs) } } : {}),
  };
}
