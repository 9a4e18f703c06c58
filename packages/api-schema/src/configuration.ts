/** The whole declarative state: what `nave.yaml` holds (contract section 5, `config`). */
import { type Static, Type } from 'typebox';
import { AlertRuleInput, AlertRuleSpec } from './alerts.ts';
import { closed, NAME_PATTERN } from './common.ts';
import { RouteInput, RouteSpec } from './route.ts';
import { DeclaredSpoke, SpokeInput } from './spoke.ts';

const byName = { additionalProperties: false, maxProperties: 10_000 };
const NameKey = Type.String({ pattern: NAME_PATTERN });

export const Configuration = closed({
  spokes: Type.Record(NameKey, DeclaredSpoke, byName),
  routes: Type.Record(NameKey, RouteSpec, byName),
  alerts: Type.Record(NameKey, AlertRuleSpec, byName),
});
export type Configuration = Static<typeof Configuration>;

export const ConfigurationInput = closed({
  spokes: Type.Optional(Type.Record(NameKey, SpokeInput, byName)),
  routes: Type.Optional(Type.Record(NameKey, RouteInput, byName)),
  /** Without it the rules stay as they are, also with `prune`. */
  alerts: Type.Optional(Type.Record(NameKey, AlertRuleInput, byName)),
});
export type ConfigurationInput = Static<typeof ConfigurationInput>;

export const ConfigurationQuery = closed({
  prune: Type.Boolean({
    default: false,
    description: 'Delete spokes and routes that are not in the body, and alert rules when it has any',
  }),
  force: Type.Boolean({ default: false, description: 'With prune: cancel open deliveries of what is deleted' }),
});

export const ConfigurationChange = closed({
  action: Type.Enum(['create', 'update', 'delete', 'same']),
  resource: Type.Enum(['spoke', 'route', 'alert']),
  name: Type.String(),
  changes: Type.Array(
    closed({
      path: Type.String({ description: 'JSON Pointer into the resource' }),
      from: Type.Unknown(),
      to: Type.Unknown({ description: '"(secret changed)" for secrets' }),
    }),
  ),
});
export type ConfigurationChange = Static<typeof ConfigurationChange>;

export const ConfigurationChanges = closed({ items: Type.Array(ConfigurationChange) });
