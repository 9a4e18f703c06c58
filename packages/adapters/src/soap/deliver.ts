/** Delivers to a `soap` spoke: the WSDL, the request made of the input, the exchange, the verdict. */
import type { AdapterContext, SpokeConnection } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { excerptOf, exchangeAuthorized, loadSigner, type SignEnvelope } from '@nave/protocols';
import { buildRequest, compileOperation, scopeOf } from './build-request.ts';
import { createServiceSource, soapAuth } from './client.ts';
import type { SoapConfig } from './config.ts';
import type { SoapCredentials } from './credentials.ts';
import { judgeAnswer } from './judge.ts';
import { operationsOfSoap } from './operations.ts';
import { probeSoap } from './probe.ts';
import { withoutQuotes } from './without-quotes.ts';

/** @throws HubError `expression.compile` for a configuration that was never validated */
export async function openSoap(config: SoapConfig, context: AdapterContext<SoapCredentials>): Promise<SpokeConnection> {
  const { http, clock, credentials, expressions } = context;
  const auth = soapAuth(config, context);
  const source = createServiceSource(config, context, auth);
  const operations = new Map(
    operationsOfSoap(config).map(({ name }) => [name, compileOperation(name, config.operations?.[name] ?? {}, config, expressions)]),
  );
  const signer = await signerOf(credentials);
  return {
    async send(request, signal) {
      const compiled = operations.get(request.operation);
      if (!compiled) return invalid(`the spoke has no operation called ${request.operation}`);
      if (!signer.ok) return invalid(`the message cannot be signed: ${signer.reason}`);
      const startedAt = clock.now();
      const waiting = AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMs)]);
      const found = await source.get(waiting);
      if (!found.ok) return found.outcome;
      const nowMs = clock.now();
      const timeoutMs = request.timeoutMs - (nowMs - startedAt);
      if (timeoutMs <= 0) return { ...invalid('the time was up before the request could leave'), kind: 'timeout' };
      const built = await buildRequest(compiled, found.service, request, { config, credentials, sign: signer.sign, nowMs, timeoutMs });
      if (!built.ok) return invalid(built.reason);
      const redaction = { ...auth.redaction, values: [...auth.redaction.values, ...built.redact] };
      const exchanged = await exchangeAuthorized(http, auth, built.request, signal);
      if (!exchanged.ok) return { ...exchanged.outcome, request: excerptOf(built.request, redaction) };
      return judgeAnswer({
        result: exchanged.result,
        request: excerptOf(exchanged.request, redaction),
        ...{ compiled, config, message: built.message },
        scope: scopeOf(request, clock.now()),
        nowMs: clock.now(),
        redact: (text) => withoutQuotes(text, redaction.values, request.input.data),
      });
    },
    probe: (signal) => probeSoap(config, source, auth, context, signal),
    // The HTTP client belongs to the hub, which closes it after its spoke.
    close: async () => source.close(),
  };
}

function invalid(detail: string): Outcome {
  return { kind: 'invalid', status: null, detail, sent: false };
}

async function signerOf(credentials: SoapCredentials): Promise<{ ok: true; sign: SignEnvelope | null } | { ok: false; reason: string }> {
  if (credentials.type !== 'ws-security') return { ok: true, sign: null };
  const { certificate, privateKey, passphrase } = credentials;
  if (certificate === undefined || privateKey === undefined) return { ok: true, sign: null };
  return loadSigner({ certificate, privateKey, passphrase }, credentials.timestamp !== false);
}
