/** Opens what a message and its deliveries carried, for a person whose look is already audited. */
import { isUtf8 } from 'node:buffer';
import type { MessagePayload } from '@nave/api-schema';
import { decodeContent, isHubError, type OutcomeResponse, type Sealer } from '@nave/core';
import { answerOfExcerpt, decodeOutput, inputOfExcerpt } from '@nave/pipeline';
import type { SealedPayload } from '@nave/store';

/** @throws HubError `seal.key` when the message cannot be opened, `seal.destroyed` when its key was destroyed; what belongs to deliveries is then null instead */
export async function openPayload(sealer: Sealer, sealed: SealedPayload): Promise<MessagePayload> {
  const content = decodeContent(await sealer.open(sealed.content, `message:${sealed.id}`));
  const deliveries: MessagePayload['deliveries'] = [];
  for (const { id, input, output, attempts } of sealed.deliveries) {
    const excerpts: { number: number; excerpt: unknown }[] = [];
    /** Of the attempt that succeeded: whole in its excerpt where no output or input is kept. */
    let excerpted: OutcomeResponse | null = null;
    let excerptedInput: Uint8Array | null = null;
    for (const attempt of attempts) {
      const opened = await openOrNull(sealer, attempt.excerpt, `attempt:${attempt.id}`);
      if (opened === null) continue;
      const excerpt: unknown = JSON.parse(Buffer.from(opened).toString('utf8'));
      excerpts.push({ number: attempt.number, excerpt });
      if (attempt.outcome !== 'ok') continue;
      excerpted ??= answerOfExcerpt(excerpt);
      excerptedInput ??= inputOfExcerpt(excerpt);
    }
    const sent = input === null ? excerptedInput : await openOrNull(sealer, input, `delivery:${id}:input`);
    const kept = await openOrNull(sealer, output, `delivery:${id}:output`);
    const answer = output === null ? excerpted : kept && decodeOutput(kept);
    deliveries.push({ id, input: sent && readable(sent), output: answer && answerView(answer), attempts: excerpts.reverse() });
  }
  const { headers, query, method, body } = content;
  return {
    contentType: sealed.contentType,
    method,
    headers: { ...headers },
    query: { ...query },
    size: sealed.size,
    ...readable(body),
    deliveries,
  };
}

async function openOrNull(sealer: Sealer, sealed: Uint8Array | null, context: string): Promise<Uint8Array | null> {
  if (sealed === null) return null;
  try {
    return await sealer.open(sealed, context);
  } catch (error) {
    // One destroyed key must not hide the rest.
    if (isHubError(error) && error.code.startsWith('seal.')) return null;
    throw error;
  }
}

function answerView({ status, contentType, headers, body }: OutcomeResponse) {
  return { status, contentType, headers: { ...headers }, ...readable(body) };
}

function readable(bytes: Uint8Array): { body: string } | { bodyBase64: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? { body: buffer.toString('utf8') } : { bodyBase64: buffer.toString('base64') };
}
