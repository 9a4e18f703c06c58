/** What a failure means, and what to do about it. */
import { defineTexts } from '../../i18n/texts.ts';
import type { Cause } from './hint.ts';

interface HintWords {
  means: string;
  todo: string;
}

export const useHintTexts = defineTexts({
  en: {
    happened: 'What happened',
    means: 'What it means',
    todo: 'What to do',
    causes: {
      undecided: {
        means:
          'The requests left and were not answered. They may have happened or not, and must not happen twice, so nothing is sent again by itself.',
        todo: 'Look into the other system for each of them, then decide: it happened, or send it again.',
      },
      credentials: {
        means:
          'The system knows who asks and refuses it, or does not accept the credentials: expired, revoked, or without the right for this operation.',
        todo: 'Check the credentials of the spoke and their rights in the other system (“Check” on the page of the spoke shows the result), then retry.',
      },
      missing: {
        means: 'What the request is about is not there: the record does not exist (yet), or the address of the operation is wrong.',
        todo: 'Compare the path and the ids of a sample with the other system. When something has to be made there first, make it, then retry.',
      },
      conflict: {
        means: 'The system says that this contradicts what it has: it is there already, or was changed meanwhile.',
        todo: 'Look whether the other system already has it. If so, skip; else correct it there or in the mapping, then retry.',
      },
      redirected: {
        means: 'The system answered with another address. The hub does not follow redirects, for they can lead anywhere.',
        todo: 'Set the new address as the base URL of the spoke, then retry.',
      },
      data: {
        means: 'The system understood the request and refused its content. Sent again as it is, it would be refused again.',
        todo: 'Open a sample and compare what was sent with what the answer says. Correct the mapping of the route, or the data in the other system, then retry.',
      },
      blocked: {
        means: 'It was refused before anything was sent: the address is not allowed, or the input does not fit the operation.',
        todo: 'The detail says why. Correct the address of the spoke, the allowed addresses of the hub, or the mapping, then retry.',
      },
      invalid: {
        means: 'An answer came, but it was too large, unreadable, or not what the operation promises. The other system may have done it.',
        todo: 'Look into the other system first. If it was done, skip; if not, correct what the operation expects of the answer, then retry.',
      },
      throttled: {
        means: 'The system asked for patience on every attempt, until all attempts of the policy were used up.',
        todo: 'Lower the rate or the concurrency of the spoke if this goes on, then retry slowly.',
      },
      timeout: {
        means: 'No answer came in time, on every attempt that the policy allows.',
        todo: 'See whether the system is slow or overloaded, or needs a longer timeout. When it answers again, retry.',
      },
      unreachable: {
        means:
          'No connection could be made: the system is down, its name or port is wrong, or a network or certificate is in the way. Nothing was sent.',
        todo: 'See whether the system runs and can be reached from the hub. When it can, retry: nothing has happened twice.',
      },
      fault: {
        means: 'The system had a fault of its own on every attempt that the policy allows.',
        todo: 'Tell those who run it, with the time and a sample. When it is mended, retry.',
      },
      atMostOnce: {
        means: 'It may be sent only once, and it may have arrived. So the hub does not send it again by itself.',
        todo: 'Look into the other system. If it is there, skip; only if it is not, retry.',
      },
      workerLost: {
        means:
          'Worker after worker was lost while they worked on it: the message itself may be what kills them, or they were restarted each time.',
        todo: 'Look at the log of the hub at the time of the attempts, and at the size of the message. Retry one first.',
      },
      expression: {
        means: 'Nothing was sent: a condition or a mapping of the route could not be computed for these messages.',
        todo: 'Try the mapping with a sample message in the editor of the route and correct it. A retry uses the version the delivery was made for; replay the message to use the new one.',
      },
      other: {
        means: 'It failed in a way the hub has no words for.',
        todo: 'Open a sample: its attempts show what was sent and answered.',
      },
    } satisfies Record<Cause, HintWords>,
  },
  cs: {
    happened: 'Co se stalo',
    means: 'Co to znamená',
    todo: 'Co s tím',
    causes: {
      undecided: {
        means: 'Požadavky odešly a odpověď nepřišla. Možná proběhly, možná ne, a nesmějí proběhnout dvakrát, takže se samy neopakují.',
        todo: 'U každého se podívejte do druhého systému a rozhodněte: proběhlo to, nebo odeslat znovu.',
      },
      credentials: {
        means: 'Systém přihlášení nepřijal nebo k této operaci nedává právo: údaje vypršely, byly zrušeny nebo mají málo oprávnění.',
        todo: 'Zkontrolujte přihlašovací údaje systému a jejich práva na druhé straně (výsledek ukáže „Vyzkoušet spojení“ na stránce systému) a pak zopakujte.',
      },
      missing: {
        means: 'To, čeho se požadavek týká, tam není: záznam (ještě) neexistuje, nebo je špatná adresa operace.',
        todo: 'Porovnejte cestu a id ze vzorku s druhým systémem. Pokud tam něco musí vzniknout dřív, založte to a pak zopakujte.',
      },
      conflict: {
        means: 'Podle systému to odporuje tomu, co už má: záznam existuje, nebo ho mezitím někdo změnil.',
        todo: 'Podívejte se, zda to druhý systém už má. Pokud ano, přeskočte; jinak to opravte tam nebo v převodu a zopakujte.',
      },
      redirected: {
        means: 'Systém odpověděl jinou adresou. Hub přesměrování nenásleduje, protože může vést kamkoli.',
        todo: 'Nastavte novou adresu jako základní URL systému a zopakujte.',
      },
      data: {
        means: 'Systém požadavku rozuměl, ale odmítl jeho obsah. Stejný požadavek by odmítl znovu.',
        todo: 'Otevřete vzorek a porovnejte, co se odeslalo, s tím, co říká odpověď. Opravte převod na trase nebo data v druhém systému a zopakujte.',
      },
      blocked: {
        means: 'Bylo to odmítnuto dřív, než se cokoli odeslalo: adresa není povolená, nebo vstup neodpovídá operaci.',
        todo: 'Důvod je v podrobnostech. Opravte adresu systému, povolené adresy hubu nebo převod a zopakujte.',
      },
      invalid: {
        means: 'Odpověď přišla, ale byla příliš velká, nečitelná nebo jiná, než operace slibuje. Druhý systém to možná provedl.',
        todo: 'Nejdřív se podívejte do druhého systému. Pokud to proběhlo, přeskočte; pokud ne, opravte, jakou odpověď operace čeká, a zopakujte.',
      },
      throttled: {
        means: 'Systém při každém pokusu žádal o strpení, až se vyčerpaly všechny povolené pokusy.',
        todo: 'Pokud to trvá, snižte rychlost nebo souběh systému a pak zopakujte pomalu.',
      },
      timeout: {
        means: 'Při žádném z povolených pokusů nepřišla odpověď včas.',
        todo: 'Zjistěte, zda je systém pomalý či přetížený, nebo potřebuje delší časový limit. Až bude odpovídat, zopakujte.',
      },
      unreachable: {
        means: 'Nešlo navázat spojení: systém neběží, má špatné jméno či port, nebo brání síť či certifikát. Nic se neodeslalo.',
        todo: 'Ověřte, zda systém běží a je z hubu dostupný. Až bude, zopakujte: nic neproběhne dvakrát.',
      },
      fault: {
        means: 'Systém při všech povolených pokusech hlásil vlastní chybu.',
        todo: 'Řekněte to jeho správcům, s časem a vzorkem. Až bude opraven, zopakujte.',
      },
      atMostOnce: {
        means: 'Smí se odeslat jen jednou a možná to dorazilo. Hub to proto sám neopakuje.',
        todo: 'Podívejte se do druhého systému. Pokud tam je, přeskočte; zopakujte, jen pokud tam není.',
      },
      workerLost: {
        means: 'Při zpracování opakovaně spadl proces: buď ho shazuje sama zpráva, nebo byl pokaždé restartován.',
        todo: 'Podívejte se do logu hubu v době pokusů a na velikost zprávy. Nejdřív zopakujte jedno doručení.',
      },
      expression: {
        means: 'Nic se neodeslalo: pro tyto zprávy nešla vyhodnotit podmínka nebo převod trasy.',
        todo: 'Vyzkoušejte převod se vzorkem zprávy v editoru trasy a opravte ho. Opakování použije původní verzi trasy; novou použije přehrání zprávy.',
      },
      other: {
        means: 'Selhalo to způsobem, který hub neumí pojmenovat.',
        todo: 'Otevřete vzorek: jeho pokusy ukazují, co se odeslalo a co přišlo zpět.',
      },
    } satisfies Record<Cause, HintWords>,
  },
});
