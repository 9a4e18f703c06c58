/** Where the secrets of `inbound.verify` are, as a schema: for taking them out, keeping, and masking them. */
import { secretString } from '@nave/adapter-kit';
import { VERIFY_SCHEMES } from '@nave/security';
import { Type } from 'typebox';

const open = { additionalProperties: true };
const SECRETS = {
  secret: Type.Optional(secretString()),
  secrets: Type.Optional(Type.Array(Type.Object({ secret: Type.Optional(secretString()) }, open))),
};

// One branch per scheme: when the scheme changes, the secrets of the old one are not kept.
const schemes = VERIFY_SCHEMES.map((scheme) => Type.Object({ scheme: Type.Literal(scheme), ...SECRETS }, open));

export const InboundSecrets = Type.Object({ verify: Type.Optional(Type.Union([...schemes, Type.Array(Type.Union(schemes))])) }, open);
