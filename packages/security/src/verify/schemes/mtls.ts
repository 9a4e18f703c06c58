/** Mutual TLS: which of the certificates that the hub's client CA vouches for may send to this spoke. */
import type { ClientCertificate, Verdict } from '@nave/core';
import { listOption } from '../read-options.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';

const FINGERPRINT = /^[0-9a-f]{64}$/;
const LIST = { type: 'array', minItems: 1, maxItems: 100, items: { type: 'string', maxLength: 255 } } as const;

/** The chain was verified during the handshake (`NAVE_TLS_CLIENT_CA`). Each list that is given must contain the certificate. */
export const mtls: SchemeDefinition = {
  name: 'mtls',
  title: 'Client certificate',
  summary: 'Mutual TLS with a listed certificate.',
  options: {
    type: 'object',
    properties: {
      fingerprints: { ...LIST, description: 'SHA-256 fingerprints of certificates, hex, colons allowed.' },
      commonNames: { ...LIST, description: 'Common names (CN) of the subject.' },
      subjectAltNames: { ...LIST, description: 'Subject alternative names, such as "erp.example" or "DNS:erp.example".' },
    },
    additionalProperties: false,
  },
  secretRequired: false,
  proves: 'caller',
  problems: ({ options }) => {
    const given = ['fingerprints', 'commonNames', 'subjectAltNames'].some((name) => listOption(options, name).length > 0);
    // Any certificate of a shared CA would do otherwise.
    if (!given) return [{ path: '/fingerprints', message: 'expected fingerprints, commonNames or subjectAltNames' }];
    return listOption(options, 'fingerprints').flatMap((text, index) =>
      FINGERPRINT.test(plainHex(text)) ? [] : [{ path: `/fingerprints/${index}`, message: 'expected 64 hexadecimal digits' }],
    );
  },
  compile: ({ options }) => {
    const fingerprints = listOption(options, 'fingerprints').map(plainHex);
    const commonNames = listOption(options, 'commonNames');
    const altNames = listOption(options, 'subjectAltNames').map((name) => name.toLowerCase());
    return ({ clientCertificate }): Verdict => {
      if (!clientCertificate) return refuse('there is no verified client certificate');
      const listed =
        (fingerprints.length === 0 || fingerprints.includes(plainHex(clientCertificate.fingerprint256))) &&
        (commonNames.length === 0 || commonNames.includes(clientCertificate.subjectCommonName)) &&
        (altNames.length === 0 || hasAltName(clientCertificate, altNames));
      const anyList = fingerprints.length + commonNames.length + altNames.length > 0;
      return listed && anyList ? { ok: true } : refuse('the client certificate is not on the list');
    };
  },
};

function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

/** A listed name without a type matches a name of any type; `DNS:` and its kin match that type only. */
function hasAltName(certificate: ClientCertificate, listed: readonly string[]): boolean {
  return certificate.subjectAltNames.some((name) => {
    const lower = name.toLowerCase();
    return listed.includes(lower) || listed.includes(lower.replace(/^(?:dns|uri|email|ip address):/, ''));
  });
}
