/** The words of what a person may do to deliveries and messages, each with what will happen. */
import { defineTexts, plural } from '../../i18n/texts.ts';

export type DeliveryActionName = 'retry' | 'skip' | 'cancel' | 'approve' | 'reject';

interface ActionWords {
  button: string;
  title: string;
  happens: (spoke: string, operation: string) => string;
  done: string;
}

export const useActionTexts = defineTexts({
  en: {
    actions: {
      retry: {
        button: 'Retry delivery',
        title: 'Retry this delivery?',
        happens: (spoke: string, operation: string) =>
          `${operation} is sent to ${spoke} again at once, with the same id and the same idempotency key, and with all attempts its policy allows. What waits behind it in its lane goes on when it is done.`,
        done: 'The delivery is on its way again.',
      },
      skip: {
        button: 'Skip delivery',
        title: 'Skip this delivery?',
        happens: (spoke: string, operation: string) =>
          `${operation} is given up and is never sent to ${spoke}; the steps after it are not made. What waits behind it in its lane goes on.`,
        done: 'The delivery was skipped.',
      },
      cancel: {
        button: 'Cancel delivery',
        title: 'Cancel this delivery?',
        happens: (spoke: string, operation: string) =>
          `${operation} is not sent to ${spoke} any more; the steps after it are not made. This cannot be taken back: only a replay makes a new delivery.`,
        done: 'The delivery was cancelled.',
      },
      approve: {
        button: 'Approve delivery',
        title: 'Approve this delivery?',
        happens: (spoke: string, operation: string) => `${operation} is sent to ${spoke} at once.`,
        done: 'The delivery was approved.',
      },
      reject: {
        button: 'Refuse approval',
        title: 'Refuse this delivery?',
        happens: (spoke: string, operation: string) =>
          `${operation} is cancelled and never sent to ${spoke}; the steps after it are not made.`,
        done: 'The approval was refused.',
      },
    } satisfies Record<DeliveryActionName, ActionWords>,
    changed: (state: string) => `It has changed meanwhile: it is ${state} now.`,
    audited: 'It is written to the audit with your name.',
    show: 'Show',
    keep: 'Keep it',
    resolve: {
      done: 'It was done',
      notDone: 'It was not done',
      doneTitle: 'Say that it was done?',
      notDoneTitle: 'Say that it was not done?',
      doneHappens: (spoke: string, operation: string) =>
        `${operation} counts as done at ${spoke}: the delivery succeeds, and the steps after it are made. Look into ${spoke} first.`,
      notDoneHappens: (spoke: string, operation: string) =>
        `${operation} is sent to ${spoke} again, with the same id and key. If it was done after all, it may be done twice. Look into ${spoke} first.`,
      output: 'Answer of the system as JSON',
      outputHelp: 'Later steps use it, for example { "number": 4711 }.',
      outputWrong: 'This is no JSON.',
      doneToast: 'The delivery counts as done.',
      notDoneToast: 'The delivery is sent again.',
    },
    replay: {
      button: 'Replay',
      buttonEdited: 'Replay edited…',
      menu: 'Replay message',
      plain: 'Replay as received…',
      makeRoute: 'Create a route for messages like this',
      title: 'Replay this message',
      route: 'Route',
      allRoutes: 'All routes that take it',
      version: 'Version',
      newest: (n: number | null) => (n === null ? 'the present one' : `the present one (${n})`),
      versionOf: (n: number) => `version ${n}`,
      happens: (routes: string) =>
        `New deliveries with new ids and new idempotency keys are made ${routes}. Systems take them for new work: what has succeeded before may be done twice. What there is stays as it is.`,
      ofAll: 'by all routes that take this message today',
      ofOne: (route: string) => `by the route ${route}`,
      action: 'Replay message',
      done: (n: number) => plural('en', n, { one: 'Replayed: # new delivery.', other: 'Replayed: # new deliveries.' }),
      editTitle: 'Replay with an edited body',
      editReveal: 'To edit the body it has to be revealed; that is written to the audit.',
      editHappens:
        'A new message with this body takes the place of this one: it gets an id of its own, its routes make new deliveries with new keys, and both messages are linked. What has succeeded before may be done twice. The edit is audited with your name.',
      body: 'Body',
      contentType: 'Content type',
      force: 'Also when the body breaks the schema of its spoke',
      binary: 'This body is no text and cannot be edited here.',
      unchanged: 'The body is unchanged; replay it as received instead.',
      editAction: 'Replay edited body',
      editDone: 'A new message was made from the edited body.',
    },
  },
  cs: {
    actions: {
      retry: {
        button: 'Zopakovat doručení',
        title: 'Zopakovat toto doručení?',
        happens: (spoke: string, operation: string) =>
          `Operace ${operation} se hned znovu odešle do systému ${spoke}, se stejným id a stejným klíčem idempotence a se všemi pokusy, které pravidla dovolují. Co čeká za ní, půjde dál, až bude hotová.`,
        done: 'Doručení je znovu na cestě.',
      },
      skip: {
        button: 'Přeskočit doručení',
        title: 'Přeskočit toto doručení?',
        happens: (spoke: string, operation: string) =>
          `Operace ${operation} se vzdá a do systému ${spoke} se nikdy neodešle; kroky po ní nevzniknou. Co čeká za ní, půjde dál.`,
        done: 'Doručení bylo přeskočeno.',
      },
      cancel: {
        button: 'Zrušit doručení',
        title: 'Zrušit toto doručení?',
        happens: (spoke: string, operation: string) =>
          `Operace ${operation} se už do systému ${spoke} neodešle; kroky po ní nevzniknou. Nejde to vzít zpět: nové doručení vytvoří jen přehrání.`,
        done: 'Doručení bylo zrušeno.',
      },
      approve: {
        button: 'Schválit doručení',
        title: 'Schválit toto doručení?',
        happens: (spoke: string, operation: string) => `Operace ${operation} se hned odešle do systému ${spoke}.`,
        done: 'Doručení bylo schváleno.',
      },
      reject: {
        button: 'Neschválit doručení',
        title: 'Neschválit toto doručení?',
        happens: (spoke: string, operation: string) =>
          `Operace ${operation} se zruší a do systému ${spoke} se nikdy neodešle; kroky po ní nevzniknou.`,
        done: 'Doručení nebylo schváleno.',
      },
    } satisfies Record<DeliveryActionName, ActionWords>,
    changed: (state: string) => `Mezitím se to změnilo, stav je teď: ${state}.`,
    audited: 'Zapíše se to do auditu s vaším jménem.',
    show: 'Ukázat',
    keep: 'Nechat být',
    resolve: {
      done: 'Proběhlo to',
      notDone: 'Neproběhlo to',
      doneTitle: 'Potvrdit, že to proběhlo?',
      notDoneTitle: 'Potvrdit, že to neproběhlo?',
      doneHappens: (spoke: string, operation: string) =>
        `Operace ${operation} v systému ${spoke} se bude brát jako hotová: doručení uspěje a vzniknou kroky po něm. Nejdřív se do systému ${spoke} podívejte.`,
      notDoneHappens: (spoke: string, operation: string) =>
        `Operace ${operation} se do systému ${spoke} odešle znovu, se stejným id a klíčem. Pokud přece jen proběhla, může proběhnout dvakrát. Nejdřív se do systému ${spoke} podívejte.`,
      output: 'Odpověď systému jako JSON',
      outputHelp: 'Použijí ji další kroky, například { "number": 4711 }.',
      outputWrong: 'Toto není JSON.',
      doneToast: 'Doručení se bere jako hotové.',
      notDoneToast: 'Doručení se odesílá znovu.',
    },
    replay: {
      button: 'Přehrát',
      buttonEdited: 'Přehrát upravenou…',
      menu: 'Přehrát zprávu',
      plain: 'Přehrát, jak přišla…',
      makeRoute: 'Vytvořit trasu pro takové zprávy',
      title: 'Přehrát tuto zprávu',
      route: 'Trasa',
      allRoutes: 'Všechny trasy, které ji přebírají',
      version: 'Verze',
      newest: (n: number | null) => (n === null ? 'současná' : `současná (${n})`),
      versionOf: (n: number) => `verze ${n}`,
      happens: (routes: string) =>
        `Vzniknou nová doručení s novými id a novými klíči idempotence ${routes}. Systémy je budou brát jako novou práci: co už jednou proběhlo, může proběhnout podruhé. To, co existuje, zůstane, jak je.`,
      ofAll: 'podle všech tras, které tuto zprávu dnes přebírají',
      ofOne: (route: string) => `podle trasy ${route}`,
      action: 'Přehrát zprávu',
      done: (n: number) =>
        plural('cs', n, { one: 'Přehráno: # nové doručení.', few: 'Přehráno: # nová doručení.', other: 'Přehráno: # nových doručení.' }),
      editTitle: 'Přehrát s upraveným tělem',
      editReveal: 'Aby šlo tělo upravit, musí se odkrýt; zapíše se to do auditu.',
      editHappens:
        'Místo této zprávy vznikne nová s tímto tělem: dostane vlastní id, její trasy vytvoří nová doručení s novými klíči a obě zprávy se propojí. Co už jednou proběhlo, může proběhnout podruhé. Úprava se zapíše do auditu s vaším jménem.',
      body: 'Tělo',
      contentType: 'Typ obsahu',
      force: 'I když tělo porušuje schéma svého systému',
      binary: 'Toto tělo není text a nejde tu upravit.',
      unchanged: 'Tělo se nezměnilo; přehrajte zprávu tak, jak přišla.',
      editAction: 'Přehrát upravené tělo',
      editDone: 'Z upraveného těla vznikla nová zpráva.',
    },
  },
});
