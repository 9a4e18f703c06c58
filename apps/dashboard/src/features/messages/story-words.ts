/** The words that stories of messages are told with. Names of systems are left as they are: in Czech the word "systém" before them is declined. */
import type { Delivery } from '@nave/api-schema';
import { plural } from '../../i18n/plural.ts';

export interface StoryWords {
  language: 'en' | 'cs';
  unrouted: (type: string, source: string) => string;
  noDeliveries: (type: string, source: string) => string;
  /** @param where of each delivery that succeeded, joined */
  reached: (type: string, source: string, where: string, several: boolean) => string;
  /** Before the other clauses when nothing was reached. */
  head: (type: string, source: string) => string;
  place: (spoke: string, operation: string, attempts: number) => string;
  within: (span: string) => string;
  more: (count: number) => string;
  clause: (delivery: Delivery, facts: { answer: string | null; at: string | null }) => string;
  /** Of the last attempt: `502`, `no answer in time`. */
  answer: (outcome: string, status: number | null) => string;
}

export const STORY_EN: StoryWords = {
  language: 'en',
  unrouted: (type, source) => `No route takes ${type} from ${source}: it is kept, nothing was sent.`,
  noDeliveries: (type, source) => `${type} from ${source} is accepted; its routes are being worked out.`,
  reached: (type, source, where) => `${type} from ${source} reached ${where}`,
  head: (type, source) => `${type} from ${source}: `,
  place: (spoke, operation, attempts) =>
    attempts > 1 ? `${spoke} (${operation}, after ${plural('en', attempts, { other: '#' })} attempts)` : `${spoke} (${operation})`,
  within: (span) => ` within ${span}`,
  more: (count) => plural('en', count, { one: '# more delivery is listed below', other: '# more deliveries are listed below' }),
  clause: ({ spoke, operation, state, reason, heldBy, route, attemptCount, step }, { answer, at }) => {
    const times = plural('en', attemptCount, { one: 'once', other: '# times' });
    const last = answer === null ? '' : ` (last: ${answer})`;
    const withAnswer = answer === null ? '' : ` with ${answer}`;
    switch (state) {
      case 'dead':
        if (reason === 'retries.exhausted') return `${spoke} failed ${operation} ${times}${last} and waits for you`;
        if (reason === 'invalid') return `${operation} for ${spoke} was not valid and waits for you`;
        if (reason === 'at-most-once') return `${spoke} did not confirm ${operation}, which may be sent only once; it waits for you`;
        if (reason === 'worker.lost') return `${operation} for ${spoke} brought worker after worker down and waits for you`;
        return `${spoke} refused ${operation}${withAnswer} and waits for you`;
      case 'unknown':
        return `nobody knows whether ${spoke} did ${operation}: it was sent and not answered; you decide`;
      case 'retrying':
        return `${spoke} failed ${operation} ${times}${last}; ${at === null ? 'it is tried again' : `the next attempt is at ${at}`}`;
      case 'held':
        if (heldBy === 'approval') return `${operation} for ${spoke} waits for approval`;
        if (heldBy === 'breaker') return `${operation} waits until ${spoke} is healthy again`;
        if (heldBy === 'pause') return `${operation} waits because ${spoke} is paused`;
        if (heldBy === 'lane') return `${operation} for ${spoke} waits for its turn behind another delivery`;
        if (heldBy === 'governor') return `${operation} waits for its turn within the limits of ${spoke}`;
        return `${operation} for ${spoke} waits${heldBy === 'event' ? ' for an event' : ''}`;
      case 'active':
        return `${operation} is being sent to ${spoke}`;
      case 'pending':
        return `${operation} is about to be sent to ${spoke}`;
      case 'skipped':
        if (reason === 'filtered') return `the condition of route ${route} left it out`;
        return reason === 'operator.skipped' ? `${operation} for ${spoke} was skipped by hand` : `step ${step} for ${spoke} was skipped`;
      case 'cancelled':
        if (reason === 'operator.rejected') return `${operation} for ${spoke} was not approved`;
        return reason === 'operator.cancelled'
          ? `${operation} for ${spoke} was cancelled by hand`
          : `${operation} for ${spoke} was cancelled`;
      case 'compensated':
        return `${operation} at ${spoke} was undone`;
      case 'succeeded':
        return `${spoke} did ${operation}`;
    }
  },
  answer: (outcome, status) => {
    if (status !== null) return String(status);
    const words: Readonly<Record<string, string>> = {
      timeout: 'no answer in time',
      unreachable: 'not reachable',
      throttled: 'too busy',
      unknown: 'no answer',
    };
    return words[outcome] ?? outcome;
  },
};

export const STORY_CS: StoryWords = {
  language: 'cs',
  unrouted: (type, source) => `Zprávu ${type} ze systému ${source} nepřebírá žádná trasa: je uložena, nic se neodeslalo.`,
  noDeliveries: (type, source) => `Zpráva ${type} ze systému ${source} je přijata; právě se zjišťuje, kam půjde.`,
  reached: (type, source, where, several) => `Zpráva ${type} ze systému ${source} dorazila do ${several ? 'systémů' : 'systému'} ${where}`,
  head: (type, source) => `Zpráva ${type} ze systému ${source}: `,
  place: (spoke, operation, attempts) => (attempts > 1 ? `${spoke} (${operation}, na ${attempts}. pokus)` : `${spoke} (${operation})`),
  within: (span) => ` za ${span}`,
  more: (count) =>
    plural('cs', count, { one: '# další doručení je níže', few: '# další doručení jsou níže', other: '# dalších doručení je níže' }),
  clause: ({ spoke, operation, state, reason, heldBy, route, attemptCount, step }, { answer, at }) => {
    const times = plural('cs', attemptCount, { one: 'jednou', other: '#×' });
    const last = answer === null ? '' : ` (naposledy: ${answer})`;
    const withAnswer = answer === null ? '' : ` (${answer})`;
    switch (state) {
      case 'dead':
        if (reason === 'retries.exhausted') return `operace ${operation} v systému ${spoke} selhala ${times}${last} a čeká na vás`;
        if (reason === 'invalid') return `operace ${operation} pro systém ${spoke} nebyla platná a čeká na vás`;
        if (reason === 'at-most-once')
          return `systém ${spoke} nepotvrdil operaci ${operation}, která se smí odeslat jen jednou; čeká na vás`;
        if (reason === 'worker.lost') return `na operaci ${operation} pro systém ${spoke} opakovaně spadl proces; čeká na vás`;
        return `systém ${spoke} odmítl operaci ${operation}${withAnswer} a čeká se na vás`;
      case 'unknown':
        return `neví se, zda systém ${spoke} provedl operaci ${operation}: odeslala se, ale bez odpovědi; rozhodnutí je na vás`;
      case 'retrying':
        return `operace ${operation} v systému ${spoke} selhala ${times}${last}; ${at === null ? 'bude se opakovat' : `další pokus bude v ${at}`}`;
      case 'held':
        if (heldBy === 'approval') return `operace ${operation} pro systém ${spoke} čeká na schválení`;
        if (heldBy === 'breaker') return `operace ${operation} čeká, až bude systém ${spoke} zase v pořádku`;
        if (heldBy === 'pause') return `operace ${operation} čeká, protože systém ${spoke} je pozastaven`;
        if (heldBy === 'lane') return `operace ${operation} pro systém ${spoke} čeká, až na ni přijde řada`;
        if (heldBy === 'governor') return `operace ${operation} čeká kvůli limitům systému ${spoke}`;
        return `operace ${operation} pro systém ${spoke} čeká${heldBy === 'event' ? ' na událost' : ''}`;
      case 'active':
        return `operace ${operation} se právě odesílá do systému ${spoke}`;
      case 'pending':
        return `operace ${operation} se každou chvíli odešle do systému ${spoke}`;
      case 'skipped':
        if (reason === 'filtered') return `podmínka trasy ${route} ji nepustila dál`;
        return reason === 'operator.skipped'
          ? `operace ${operation} pro systém ${spoke} byla ručně přeskočena`
          : `krok ${step} pro systém ${spoke} byl přeskočen`;
      case 'cancelled':
        if (reason === 'operator.rejected') return `operace ${operation} pro systém ${spoke} nebyla schválena`;
        return reason === 'operator.cancelled'
          ? `operace ${operation} pro systém ${spoke} byla ručně zrušena`
          : `operace ${operation} pro systém ${spoke} byla zrušena`;
      case 'compensated':
        return `operace ${operation} v systému ${spoke} byla vzata zpět`;
      case 'succeeded':
        return `systém ${spoke} provedl operaci ${operation}`;
    }
  },
  answer: (outcome, status) => {
    if (status !== null) return String(status);
    const words: Readonly<Record<string, string>> = {
      timeout: 'neodpověděl včas',
      unreachable: 'nedostupný',
      throttled: 'přetížený',
      unknown: 'bez odpovědi',
      fault: 'chyba',
      rejected: 'odmítnuto',
      invalid: 'neplatné',
    };
    return words[outcome] ?? outcome;
  },
};
