/** The WSDL of uploaded texts, read once: asking a spoke for its operations must not read a megabyte of XML each time. */
import { createHash } from 'node:crypto';
import { loadUploaded } from './load-documents.ts';
import { readWsdl, type WsdlRead } from './read-wsdl.ts';

const KEPT_MAX = 32;
const kept = new Map<string, WsdlRead>();

/** Reads, or answers what an earlier reading of the same texts gave. */
export function uploadedWsdl(text: string, documents: Readonly<Record<string, string>> = {}): WsdlRead {
  const hash = createHash('sha256');
  for (const part of [text, ...Object.entries(documents).flat()]) hash.update(`${part.length}:`).update(part);
  const key = hash.digest('base64');
  const known = kept.get(key);
  const read = known ?? readUploaded(text, documents);
  // The one used last is the last to go.
  kept.delete(key);
  kept.set(key, read);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  return read;
}

function readUploaded(text: string, documents: Readonly<Record<string, string>>): WsdlRead {
  const loaded = loadUploaded(text, documents);
  return loaded.ok ? readWsdl(loaded.documents) : loaded;
}
