/** Only from known networks. Narrows where calls come from; says nothing of who sends, so combine it with another scheme. */
import type { Verdict } from '@nave/core';
import { parseAddress } from '../../address/parse-address.ts';
import { parseNetwork } from '../../address/parse-network.ts';
import { listOption } from '../read-options.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';

/** The peer is the client behind a trusted proxy (`NAVE_TRUST_PROXY`), never what an untrusted `X-Forwarded-For` says. */
export const ipAllow: SchemeDefinition = {
  name: 'ip-allow',
  title: 'Address list',
  summary: 'Only from the listed networks; combine it with another scheme.',
  options: {
    type: 'object',
    properties: {
      cidrs: {
        type: 'array',
        description: 'Networks (CIDR) or single addresses, IPv4 and IPv6.',
        items: { type: 'string', maxLength: 64 },
        minItems: 1,
        maxItems: 1_000,
      },
    },
    required: ['cidrs'],
    additionalProperties: false,
  },
  secretRequired: false,
  proves: 'origin',
  problems: (scheme) =>
    listOption(scheme.options, 'cidrs').flatMap((text, index) =>
      parseNetwork(text) === null ? [{ path: `/cidrs/${index}`, message: 'expected an address or a network such as 203.0.113.0/24' }] : [],
    ),
  compile: (scheme) => {
    const networks = listOption(scheme.options, 'cidrs').flatMap((text) => parseNetwork(text) ?? []);
    return (request): Verdict => {
      const address = parseAddress(request.remoteAddress);
      if (address !== null && networks.some((network) => network.contains(address))) return { ok: true };
      return refuse('the address is not on the list');
    };
  },
};
