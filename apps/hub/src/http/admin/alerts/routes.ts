/** `alerts`: the rules. What fires is in `firing-routes.ts`. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  AlertRule,
  AlertRuleCreate,
  AlertRuleInput,
  AlertRuleList,
  AlertTest,
  DeleteQuery,
  ListQuery,
  MergePatch,
  NameParams,
  NoContent,
  PROBLEM_REPLIES,
} from '@nave/api-schema';
import { HubError } from '@nave/core';
import { writeAudit } from '@nave/store';
import { Check } from 'typebox/value';
import { alertRule } from '../../../alerts/alert-rule.ts';
import type { AlertState } from '../../../alerts/alert-state.ts';
import { RESERVED_RULE_NAMES } from '../../../declaration/alert-problems.ts';
import { applyEdits } from '../../../declaration/apply-edits.ts';
import { assertPrecondition, entityTag } from '../../entity-tag.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { changeConfiguration } from '../change-configuration.ts';
import { pageOf } from '../page.ts';
import { presentRule } from './present-alert.ts';
import { createRule, patchRule, replaceRule } from './write-alert-rule.ts';

const tags = ['alerts'];

export const alertRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.addHook('onRequest', async ({ params }, reply) => {
    if (!Check(NameParams, params) || !RESERVED_RULE_NAMES.has(params.name)) return;
    reply.header('allow', 'GET, HEAD');
    throw new HubError('request.method', { detail: 'This path takes GET, HEAD.' });
  });

  app.get(
    '/alerts',
    {
      config: { role: 'viewer' },
      schema: { summary: 'List alert rules by name', tags, querystring: ListQuery, response: { 200: AlertRuleList, ...PROBLEM_REPLIES } },
    },
    ({ query }) =>
      pageOf({
        query,
        list: 'alert rules',
        read: ({ limit, after }) => deps.alerts.rules.list({ limit, afterName: after }),
        positionOf: ({ name }) => name,
        present: presentRule,
      }),
  );

  app.post(
    '/alerts',
    {
      config: { role: 'admin' },
      schema: { summary: 'Add an alert rule', tags, body: AlertRuleCreate, response: { 201: AlertRule, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const { item } = await createRule(deps, request, request.body);
      return reply.code(201).header('etag', entityTag(item.version)).header('location', `/api/v1/alerts/${item.name}`).send(item);
    },
  );

  app.get(
    '/alerts/:name',
    {
      config: { role: 'viewer' },
      schema: { summary: 'Show an alert rule', tags, params: NameParams, response: { 200: AlertRule, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const rule = await deps.alerts.rules.find(request.params.name);
      if (!rule) throw notFound(request.params.name);
      return reply.header('etag', entityTag(rule.version)).send(presentRule(rule));
    },
  );

  app.put(
    '/alerts/:name',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Add or replace an alert rule',
        tags,
        params: NameParams,
        body: AlertRuleInput,
        response: { 200: AlertRule, 201: AlertRule, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { created, item } = await replaceRule(deps, request, request.params.name, request.body);
      return reply
        .code(created ? 201 : 200)
        .header('etag', entityTag(item.version))
        .send(item);
    },
  );

  app.patch(
    '/alerts/:name',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Change fields of an alert rule (RFC 7396)',
        tags,
        params: NameParams,
        body: MergePatch,
        response: { 200: AlertRule, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { item } = await patchRule(deps, request, request.params.name, request.body);
      return reply.header('etag', entityTag(item.version)).send(item);
    },
  );

  app.delete(
    '/alerts/:name',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Delete an alert rule; its alerts resolve',
        tags,
        params: NameParams,
        querystring: DeleteQuery,
        response: { 204: NoContent, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      await changeConfiguration(deps, async (tx) => {
        const stored = await tx.alertRule(name);
        if (!stored) throw notFound(name);
        assertPrecondition(request, stored);
        const options = { actor: request.actor.label, force: false, dryRun: false, pointer: () => '' };
        await applyEdits(deps, tx, { spokes: new Map(), routes: new Map(), alerts: new Map([[name, null]]) }, options);
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/alerts/:name/test',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Send a test notification to everybody the rule tells',
        tags,
        params: NameParams,
        response: { 202: AlertTest, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const stored = await deps.alerts.rules.find(name);
      const rule = stored && alertRule(stored);
      if (!rule) throw notFound(name);
      if (rule.targets.length === 0)
        throw new HubError('state.conflict', { detail: `The alert rule ${name} tells nobody: its notify is empty.` });
      const items: AlertTest['items'] = [];
      const told = new Set<string>();
      for (const { to, operation, severity } of rule.targets) {
        const place = JSON.stringify([to, operation]);
        if (told.has(place)) continue;
        told.add(place);
        const sent = await deps.alerts.notifier.test(to, operation, testAlert(deps, name, severity ?? rule.severity));
        if (sent === null) throw new HubError('state.conflict', { detail: `The spoke ${to} has no operation to notify with.` });
        items.push(sent);
      }
      await writeAudit(deps.db, [auditOf(request, deps, 'alert.test', `alert:${name}`, { notifications: items.length })]);
      return reply.code(202).send({ items });
    },
  );
};

function testAlert({ clock, ids }: AdminDeps, rule: string, severity: AlertState['severity']): AlertState {
  const nowMs = clock.now();
  return {
    ...{ id: ids.next(nowMs), rule, subject: 'hub', groupKey: 'hub', severity, state: 'firing', acknowledged: false, told: {}, detail: {} },
    summary: `A test of the alert rule ${rule}`,
    ...{ openedAtMs: nowMs, updatedAtMs: nowMs, resolvedAtMs: null },
  };
}

function notFound(name: string): HubError {
  return new HubError('resource.not-found', { detail: `There is no alert rule ${name}.` });
}
