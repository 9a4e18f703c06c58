/** How a client proves who it is at the token endpoint (RFC 6749 section 2.3, RFC 7523 section 2.2, RFC 8705 section 2). */
import type { AuthParts } from './http-auth.ts';
import type { OAuth2Client } from './oauth2-credentials.ts';
import { signJwt } from './sign-jwt.ts';
import type { TokenRequest } from './token-endpoint.ts';

/** Adds the proof to a form. @throws Error when the private key cannot be used */
export async function proveClient(client: OAuth2Client, form: URLSearchParams, { clock, random }: AuthParts): Promise<TokenRequest> {
  const { clientId, clientSecret = '', clientAuth = 'basic' } = client;
  if (clientAuth === 'basic') {
    const pair = `${formEncode(clientId)}:${formEncode(clientSecret)}`;
    return { form, headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
  }
  form.set('client_id', clientId);
  if (clientAuth === 'body') form.set('client_secret', clientSecret);
  if (clientAuth === 'private-key-jwt') {
    const { privateKey = '', algorithm = 'RS256', keyId, certificateThumbprint, assertionAudience = client.tokenUrl } = client;
    const id = Buffer.from(random(16)).toString('base64url');
    const names = { issuer: clientId, subject: clientId, audience: assertionAudience, id, nowMs: clock.now() };
    form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    form.set('client_assertion', await signJwt({ privateKey, algorithm, keyId, certificateThumbprint, ...names }));
  }
  return { form, headers: {} };
}

/** RFC 6749 section 2.3.1 asks for form encoding of both parts before they are joined. */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
