/** Between unknown values and what a jsonb column takes. */
import type { Prisma } from '../generated/client.ts';

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON form of an object, the way it comes back from the database: fields that are undefined are gone. */
export function toJson(value: object): Prisma.InputJsonObject {
  const parsed: Prisma.InputJsonObject = JSON.parse(JSON.stringify(value));
  return parsed;
}
