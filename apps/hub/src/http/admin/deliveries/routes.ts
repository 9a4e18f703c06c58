/** `/deliveries`: what became of each message at each spoke, and the ways a person steps in. */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  DELIVERY_STATE_NAMES,
  DeliveryDetail,
  DeliveryList,
  DeliveryQuery,
  DeliveryResolve,
  Id,
  IdParams,
  PROBLEM_REPLIES,
} from '@nave/api-schema';
import { HubError, timeOfUuid } from '@nave/core';
import { encodeOutput } from '@nave/pipeline';
import {
  createInterventionStore,
  type DeliveryChange,
  findDelivery,
  guarded,
  listDeliveries,
  type DeliveryDetail as StoredDelivery,
} from '@nave/store';
import type { FastifyRequest } from 'fastify';
import { decodeCursor, encodeCursor } from '../../cursor.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { membersOf, momentOf, wordsOf } from '../query-values.ts';
import { deliveryDetailView, deliveryView } from './delivery-view.ts';
import { DELIVERY_ACTIONS, type DeliveryAction, resolution, stateConflict } from './interventions.ts';

const TITLES: Readonly<Record<DeliveryAction, string>> = {
  retry: 'Send a dead delivery again, same id and key',
  skip: 'Give a dead delivery up; the steps after it are not made',
  cancel: 'Cancel a delivery that is not under way',
  approve: 'Let a delivery go that waits for approval',
  reject: 'Refuse a delivery that waits for approval',
};

export const deliveriesRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  const interventions = createInterventionStore(deps.db);

  app.get(
    '/deliveries',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['deliveries'],
        summary: 'List deliveries',
        querystring: DeliveryQuery,
        response: { 200: DeliveryList, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { limit, cursor, ...asked } = request.query;
      const before = decodeCursor(Id, cursor, asked);
      const filter = {
        states: membersOf(asked.state, DELIVERY_STATE_NAMES),
        spokes: wordsOf(asked.spoke),
        routes: wordsOf(asked.route),
        messageId: asked.messageId ?? null,
        error: asked.error ?? null,
        fromMs: momentOf(asked.from),
        toMs: momentOf(asked.to),
      };
      const { items, next } = await guarded(() => listDeliveries(deps.db.prisma, filter, before, limit));
      return { items: items.map(deliveryView), nextCursor: next === null ? null : encodeCursor(next, asked) };
    },
  );

  app.get(
    '/deliveries/:id',
    {
      config: { role: 'viewer' },
      schema: { tags: ['deliveries'], summary: 'Show a delivery', params: IdParams, response: { 200: DeliveryDetail, ...PROBLEM_REPLIES } },
    },
    async (request) => shown(request.params.id),
  );

  for (const [action, change] of Object.entries(DELIVERY_ACTIONS) as [DeliveryAction, DeliveryChange][]) {
    app.post(
      `/deliveries/:id/${action}`,
      {
        config: { role: 'operator' },
        schema: { tags: ['deliveries'], summary: TITLES[action], params: IdParams, response: { 200: DeliveryDetail, ...PROBLEM_REPLIES } },
      },
      async (request) => intervene(request, request.params.id, action, change, {}),
    );
  }

  app.post(
    '/deliveries/:id/resolve',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['deliveries'],
        summary: 'Say what became of a delivery whose outcome is unknown',
        params: IdParams,
        body: DeliveryResolve,
        response: { 200: DeliveryDetail, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { outcome, output } = request.body;
      if (outcome === 'notDone' && output !== undefined) {
        throw new HubError('request.invalid', { errors: [{ path: '/output', message: 'belongs to the outcome done only' }] });
      }
      const delivery = await found(request.params.id);
      const sealed = output === undefined ? undefined : await sealOutput(delivery, output);
      const place = outcome === 'done' ? await interventions.place(delivery.id) : null;
      const next = place === null ? null : await deps.planNextStep(place);
      return intervene(request, delivery.id, 'resolve', { ...resolution(outcome, sealed), next }, { outcome });
    },
  );

  async function found(id: string): Promise<StoredDelivery> {
    const delivery = await guarded(() => findDelivery(deps.db.prisma, id));
    if (delivery === null) throw new HubError('resource.not-found', { detail: 'There is no delivery with this id.' });
    return delivery;
  }

  async function shown(id: string) {
    const delivery = await found(id);
    return deliveryDetailView(delivery, deps.retryPolicyOf(delivery.spoke, delivery.operation), deps.clock.now());
  }

  async function intervene(
    request: FastifyRequest,
    id: string,
    action: DeliveryAction | 'resolve',
    change: DeliveryChange,
    detail: { outcome?: string },
  ) {
    const audit = auditOf(request, deps, `delivery.${action}`, `delivery:${id}`, detail);
    const changed = await interventions.change(id, change, deps.clock.now(), audit);
    if (changed === null) throw stateConflict(action, await found(id));
    if (changed.due.length > 0) deps.bell.ring(changed.due);
    return shown(id);
  }

  /** The answer a person gives is kept as an answer of the system would be. */
  async function sealOutput({ id, source, messageId }: StoredDelivery, output: unknown): Promise<Uint8Array> {
    const key = await deps.sealer.keyFor(`spoke:${source}`, timeOfUuid(messageId));
    const body = Buffer.from(JSON.stringify(output), 'utf8');
    return key.seal(encodeOutput({ status: 200, headers: {}, contentType: 'application/json', body }), `delivery:${id}:output`);
  }
};
