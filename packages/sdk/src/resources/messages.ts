/** Messages: searched, shown, revealed, replayed. */
import type {
  Message,
  MessageEdited,
  MessagePayload,
  MessageQuery,
  MessageReplay,
  MessageReplayed,
  MessageSummary,
} from '@nave/api-schema';
import type { Static } from 'typebox';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';
import type { QueryOf } from './query-of.ts';

const BASE = '/api/v1/messages';

export function messagesResource(transport: Transport) {
  const at = (id: string) => `${BASE}/${encodeURIComponent(id)}`;
  return {
    ...listingOf<Static<typeof MessageSummary>, QueryOf<typeof MessageQuery>>(transport, BASE),
    get: (id: string) => transport.request<Message>({ path: at(id) }),
    /** The look is written to the audit. */
    payload: (id: string) => transport.request<MessagePayload>({ path: `${at(id)}/payload` }),
    /** New deliveries with new keys. */
    replay: (id: string, options: Pick<MessageReplay, 'route' | 'routeVersion'> = {}) =>
      transport.request<MessageReplayed>({ method: 'POST', path: `${at(id)}/replay`, body: options }),
    /** A new message with another body, made from this one; for admins, and written to the audit. */
    replayEdited: (id: string, edit: MessageReplay & ({ body: string } | { bodyBase64: string })) =>
      transport.request<MessageEdited>({ method: 'POST', path: `${at(id)}/replay`, body: edit }),
  };
}
