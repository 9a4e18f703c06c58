/** Kind `soap`: any system with a WSDL, its operations derived from it. */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { SoapConfig } from './config.ts';
import { SoapCredentials } from './credentials.ts';
import { openSoap } from './deliver.ts';
import { operationsOfSoap } from './operations.ts';
import { validateSoap } from './validate.ts';

export const soap: ErasedAdapter = defineAdapter({
  kind: 'soap',
  title: 'SOAP web service',
  family: 'protocol',
  summary: 'Any system with a WSDL: SOAP 1.1 and 1.2, its operations and their schemas taken from it, JSON on our side.',
  config: SoapConfig,
  credentials: SoapCredentials,
  operations: [],
  operationsOf: operationsOfSoap,
  validate: validateSoap,
  events: [],
  verify: ['basic', 'api-key', 'ip-allow', 'mtls', 'none'],
  defaults: {},
  docs: 'kinds/soap.md',
  deliver: { open: openSoap },
});
