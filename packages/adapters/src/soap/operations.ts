/** What can be done with a `soap` spoke: what its configuration declares, and everything else an uploaded WSDL offers. */
import type { OperationDeclaration } from '@nave/adapter-kit';
import { SchemaView, schemaOfMessage, uploadedWsdl, type WsdlOperation, type WsdlPort } from '@nave/protocols';
import { choosePort } from './choose-port.ts';
import type { SoapConfig, SoapOperation } from './config.ts';

/**
 * Declared operations first, in the order they are written. Schemas are derived when they are read: a WSDL may describe thousands of types,
 * most of which nobody asks for. With a WSDL by URL nothing is fetched here, so only what is declared is known, and its input is not checked.
 */
export function operationsOfSoap(config: SoapConfig): readonly OperationDeclaration[] {
  const port = uploadedPort(config);
  const declared = Object.entries(config.operations ?? {}).map(([name, operation]) => {
    const inWsdl = port?.port.operations.find(({ key }) => key === (operation.operation ?? name));
    return declarationOf(name, operation, inWsdl, port);
  });
  const names = new Set(Object.entries(config.operations ?? {}).flatMap(([name, { operation }]) => [name, operation ?? name]));
  const others = (port?.port.operations ?? []).filter(({ key }) => !names.has(key)).map((each) => declarationOf(each.key, {}, each, port));
  return [...declared, ...others];
}

interface UploadedPort {
  port: WsdlPort;
  view: SchemaView;
}

/** Null for a WSDL by URL, and for one that cannot be read (which `validate` says). */
function uploadedPort(config: SoapConfig): UploadedPort | null {
  if (config.wsdl.text === undefined) return null;
  const read = uploadedWsdl(config.wsdl.text, config.wsdl.documents);
  if (!read.ok) return null;
  const chosen = choosePort(read.wsdl, config);
  return chosen.ok ? { port: chosen.port, view: new SchemaView(read.wsdl.schemas) } : null;
}

function declarationOf(
  name: string,
  operation: SoapOperation,
  inWsdl: WsdlOperation | undefined,
  uploaded: UploadedPort | null,
): OperationDeclaration {
  const { title, lookup, undo, retryOn, rejectOn } = operation;
  const summary = inWsdl?.documentation ?? `SOAP operation ${operation.operation ?? name}`;
  let schema: Readonly<Record<string, unknown>> | null = null;
  return {
    ...{ name, title: title ?? name, summary, idempotent: operation.idempotent ?? 'never' },
    get input() {
      // With a mapping of its own it takes whatever that makes a message of.
      schema ??= inWsdl && uploaded && operation.input === undefined ? inputSchema(inWsdl, uploaded) : {};
      return schema;
    },
    ...(lookup === undefined ? {} : { lookup }),
    ...(undo === undefined ? {} : { undo }),
    ...(retryOn === undefined ? {} : { retryOn }),
    ...(rejectOn === undefined ? {} : { rejectOn }),
  };
}

function inputSchema(operation: WsdlOperation, { port, view }: UploadedPort): Readonly<Record<string, unknown>> {
  return schemaOfMessage({ view, version: port.version, operation, direction: 'input' });
}
