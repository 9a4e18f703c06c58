/** `config`: the whole declarative state at once. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Configuration, ConfigurationChanges, ConfigurationInput, ConfigurationQuery, PROBLEM_REPLIES } from '@nave/api-schema';
import { applyConfiguration, currentConfiguration } from '../../../declaration/apply-configuration.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { changeConfiguration } from '../change-configuration.ts';

const tags = ['config'];

export const configRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/config',
    {
      config: { role: 'viewer' },
      schema: { summary: 'The whole declarative state, without secrets', tags, response: { 200: Configuration, ...PROBLEM_REPLIES } },
    },
    () => deps.changes.change((tx) => currentConfiguration(deps, tx)),
  );

  app.post(
    '/config/diff',
    {
      // Whoever can ask whether a secret differs can guess it.
      config: { role: 'admin' },
      schema: {
        summary: 'What PUT would change',
        tags,
        body: ConfigurationInput,
        querystring: ConfigurationQuery,
        response: { 200: ConfigurationChanges, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { prune, force } = request.query;
      const options = { actor: request.actor.label, prune, force, dryRun: true };
      return { items: await deps.changes.change((tx) => applyConfiguration(deps, tx, request.body, options)) };
    },
  );

  app.put(
    '/config',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Apply a declarative state: everything or nothing',
        tags,
        body: ConfigurationInput,
        querystring: ConfigurationQuery,
        response: { 200: ConfigurationChanges, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { prune, force } = request.query;
      const options = { actor: request.actor.label, prune, force, dryRun: false };
      return { items: await changeConfiguration(deps, (tx) => applyConfiguration(deps, tx, request.body, options)) };
    },
  );
};
