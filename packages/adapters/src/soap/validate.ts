/** What a schema cannot say about a `soap` spoke: that its WSDL can be read and has what is configured, its expressions compile, its keys fit. */
import { joinPointer, type ValidateContext } from '@nave/adapter-kit';
import { type FieldProblem, isHubError } from '@nave/core';
import {
  httpCredentialProblems,
  httpTlsProblems,
  isNcName,
  parseHttpTarget,
  signingKeyProblem,
  splitQName,
  uploadedWsdl,
  type WsdlPort,
} from '@nave/protocols';
import { choosePort, endpointOf } from './choose-port.ts';
import type { SoapConfig, SoapHeaders, SoapOperation } from './config.ts';
import { httpCredentialsOf, type SoapCredentials } from './credentials.ts';

/** All problems, with pointers below the spoke. */
export function validateSoap(config: SoapConfig, credentials: SoapCredentials, context: ValidateContext): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (path: string, message: string | null): void => {
    if (message !== null) problems.push({ path, message });
  };
  const { wsdl, endpoint, operations = {} } = config;
  if (wsdl.url !== undefined) add('/config/wsdl/url', wsdl.text === undefined ? urlProblem(wsdl.url) : 'expected either "url" or "text"');
  else if (wsdl.text === undefined) add('/config/wsdl', 'expected "url" or "text"');
  if (endpoint !== undefined) add('/config/endpoint', urlProblem(endpoint));
  const port = uploadedPort(config, add);
  if (port && endpoint === undefined) {
    const address = endpointOf(config, port, true);
    add('/config/endpoint', address.ok ? null : address.reason);
  }
  problems.push(...headerProblems(config.headers, '/config/headers', context));
  for (const [name, operation] of Object.entries(operations)) {
    problems.push(...operationProblems(name, operation, operations, port, context));
  }
  const url = endpoint ?? wsdl.url ?? port?.address ?? '';
  problems.push(...httpTlsProblems(config.tls, url, '/config/tls'));
  problems.push(...credentialProblems(credentials));
  return problems;
}

function urlProblem(url: string): string | null {
  const target = parseHttpTarget(url);
  return target.ok ? null : `expected an http or https URL: ${target.reason}`;
}

function uploadedPort(config: SoapConfig, add: (path: string, message: string | null) => void): WsdlPort | null {
  if (config.wsdl.text === undefined) return null;
  const read = uploadedWsdl(config.wsdl.text, config.wsdl.documents);
  if (!read.ok) {
    add('/config/wsdl/text', `expected a WSDL 1.1 that can be read: ${read.reason}`);
    return null;
  }
  const chosen = choosePort(read.wsdl, config);
  if (!chosen.ok) add(`/config/${chosen.path}`, chosen.reason);
  return chosen.ok ? chosen.port : null;
}

function operationProblems(
  name: string,
  operation: SoapOperation,
  declared: Readonly<Record<string, SoapOperation>>,
  port: WsdlPort | null,
  context: ValidateContext,
): FieldProblem[] {
  const at = joinPointer('/config/operations', name);
  const problems = [...headerProblems(operation.headers, `${at}/headers`, context)];
  const add = (field: string, message: string | null): void => {
    if (message !== null) problems.push({ path: `${at}${field}`, message });
  };
  const offered = port?.operations.map(({ key }) => key) ?? null;
  const wanted = operation.operation ?? name;
  if (offered && !offered.includes(wanted))
    add(operation.operation === undefined ? '' : '/operation', `expected an operation of the WSDL: ${offered.slice(0, 50).join(', ')}`);
  add('/success', compileProblem(operation.success, context));
  add('/input', compileProblem(operation.input, context));
  for (const field of ['lookup', 'undo'] as const) {
    const named = operation[field];
    if (named !== undefined && !Object.hasOwn(declared, named) && offered?.includes(named) !== true)
      add(`/${field}`, `expected the name of an operation of this spoke, there is none called "${named}"`);
  }
  const lookup = operation.lookup === undefined || !Object.hasOwn(declared, operation.lookup) ? undefined : declared[operation.lookup];
  if (
    operation.lookup !== undefined &&
    lookup?.idempotent !== 'always' &&
    (lookup !== undefined || offered?.includes(operation.lookup) === true)
  )
    add('/lookup', 'expected an operation that only reads: one declared with "idempotent": "always"');
  return problems;
}

function headerProblems(headers: SoapHeaders | undefined, at: string, context: ValidateContext): FieldProblem[] {
  return Object.entries(headers ?? {}).flatMap(([name, content]) => {
    const path = joinPointer(at, name);
    const problems: FieldProblem[] = [];
    if (!isNcName(splitQName(name).local))
      problems.push({ path, message: 'expected the name of a header of the WSDL, or {namespace}name' });
    const problem = typeof content === 'string' ? compileProblem(content, context) : null;
    if (problem !== null) problems.push({ path, message: problem });
    return problems;
  });
}

function compileProblem(text: string | undefined, { expressions }: ValidateContext): string | null {
  if (text === undefined) return null;
  try {
    expressions.compile(text);
    return null;
  } catch (error) {
    if (isHubError(error)) return error.detail;
    throw error;
  }
}

function credentialProblems(credentials: SoapCredentials): FieldProblem[] {
  const nested = credentials.type === 'ws-security' || credentials.type === 'soap-header';
  const problems = httpCredentialProblems(httpCredentialsOf(credentials)).map(({ path, message }) => ({
    path: nested ? path.replace('/credentials', '/credentials/http') : path,
    message,
  }));
  if (credentials.type !== 'ws-security') return problems;
  const { username, password, certificate, privateKey, passphrase } = credentials;
  const add = (field: string, message: string): void => {
    problems.push({ path: `/credentials/${field}`, message });
  };
  if (username !== undefined && password === undefined) add('password', 'required, with a user name');
  if (username === undefined && password !== undefined) add('username', 'required, with a password');
  if (certificate !== undefined && privateKey === undefined) add('privateKey', 'required, with a certificate');
  if (certificate === undefined && privateKey !== undefined) add('certificate', 'required, with a private key');
  if (username === undefined && password === undefined && certificate === undefined && privateKey === undefined)
    add('username', 'expected a user name with its password, or a certificate with its private key');
  if (certificate !== undefined && privateKey !== undefined) {
    const problem = signingKeyProblem({ certificate, privateKey, passphrase });
    if (problem !== null) add(/certificate/.test(problem) ? 'certificate' : 'privateKey', problem);
  }
  return problems;
}
