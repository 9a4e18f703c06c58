/** All verification schemes by name: the one line a new scheme needs. */

import type { SchemeDefinition } from './scheme-definition.ts';
import { apiKey } from './schemes/api-key.ts';
import { basic } from './schemes/basic.ts';
import { github } from './schemes/github.ts';
import { hmac } from './schemes/hmac.ts';
import { hubspotV3 } from './schemes/hubspot-v3.ts';
import { ipAllow } from './schemes/ip-allow.ts';
import { jwt } from './schemes/jwt.ts';
import { mtls } from './schemes/mtls.ts';
import { none } from './schemes/none.ts';
import { shopify } from './schemes/shopify.ts';
import { slack } from './schemes/slack.ts';
import { standardWebhooks } from './schemes/standard-webhooks.ts';
import { stripe } from './schemes/stripe.ts';
import { twilio } from './schemes/twilio.ts';
import { woocommerce } from './schemes/woocommerce.ts';
import { wsUsernameToken } from './schemes/ws-username-token.ts';

/** In the order in which people are offered them. */
export const VERIFY_SCHEME_DEFINITIONS: readonly SchemeDefinition[] = [
  standardWebhooks,
  stripe,
  github,
  shopify,
  slack,
  hubspotV3,
  twilio,
  woocommerce,
  hmac,
  jwt,
  basic,
  apiKey,
  wsUsernameToken,
  ipAllow,
  mtls,
  none,
];

/** The names of all schemes. */
export const VERIFY_SCHEMES: readonly string[] = VERIFY_SCHEME_DEFINITIONS.map(({ name }) => name);

const BY_NAME: ReadonlyMap<string, SchemeDefinition> = new Map(
  VERIFY_SCHEME_DEFINITIONS.map((definition) => [definition.name, definition]),
);

/** The scheme of a name, or undefined. */
export function schemeByName(name: string): SchemeDefinition | undefined {
  return BY_NAME.get(name);
}
