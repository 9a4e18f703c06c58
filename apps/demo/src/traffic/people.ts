/** People who buy and people who are hired: made up, with the letters real names have. */
export interface Person {
  first: string;
  last: string;
  /** ASCII, for logins and mail. */
  latin: string;
  country: CountryCode;
  city: string;
  postalCode: string;
  street: string;
}

export type CountryCode = 'CZ' | 'SK' | 'DE' | 'PL' | 'VN' | 'KZ';

export interface Country {
  currency: string;
  /** Decimal places of the currency. */
  decimals: number;
  /** How many units of the currency a crown of the price list is. */
  perCrown: number;
  vatRates: readonly [number, number];
  locale: string;
  phonePrefix: string;
}

export const COUNTRIES: Readonly<Record<CountryCode, Country>> = {
  CZ: { currency: 'CZK', decimals: 2, perCrown: 1, vatRates: [21, 12], locale: 'cs-CZ', phonePrefix: '+420' },
  SK: { currency: 'EUR', decimals: 2, perCrown: 0.0412, vatRates: [23, 19], locale: 'sk-SK', phonePrefix: '+421' },
  DE: { currency: 'EUR', decimals: 2, perCrown: 0.0412, vatRates: [19, 7], locale: 'de-DE', phonePrefix: '+49' },
  PL: { currency: 'PLN', decimals: 2, perCrown: 0.176, vatRates: [23, 8], locale: 'pl-PL', phonePrefix: '+48' },
  VN: { currency: 'VND', decimals: 0, perCrown: 1_260, vatRates: [10, 5], locale: 'vi-VN', phonePrefix: '+84' },
  KZ: { currency: 'KZT', decimals: 2, perCrown: 25, vatRates: [16, 5], locale: 'kk-KZ', phonePrefix: '+7' },
};

function person(name: string, latin: string, country: CountryCode, street: string, postalCode: string, city: string): Person {
  const [first = '', ...rest] = name.split(' ');
  return { first, last: rest.join(' '), latin, country, city, postalCode, street };
}

export const CUSTOMERS: readonly [Person, ...Person[]] = [
  person('Jana Dvořáková', 'jana.dvorakova', 'CZ', 'Žižkova 14', '586 01', 'Jihlava'),
  person('Řehoř Šťastný', 'rehor.stastny', 'CZ', 'Údolní 33', '602 00', 'Brno'),
  person('Anežka Křížová', 'anezka.krizova', 'CZ', 'Nádražní 7', '702 00', 'Ostrava'),
  person('Ľubomír Hruška', 'lubomir.hruska', 'SK', 'Štúrova 12', '811 02', 'Bratislava'),
  person('Jürgen Weiß', 'juergen.weiss', 'DE', 'Königstraße 5', '70173', 'Stuttgart'),
  person("Siobhán O'Brien-Müller", 'siobhan.obrien', 'DE', 'Größenstraße 21', '50667', 'Köln'),
  person('Małgorzata Wójcik', 'malgorzata.wojcik', 'PL', 'ul. Świętokrzyska 3', '00-049', 'Warszawa'),
  person('Zbigniew Żółć', 'zbigniew.zolc', 'PL', 'ul. Długa 18', '31-147', 'Kraków'),
  person('Nguyễn Thị Hồng', 'hong.nguyen', 'VN', '12 Lê Lợi', '700000', 'Thành phố Hồ Chí Minh'),
  person('Đặng Văn Phước', 'phuoc.dang', 'VN', '8 Trần Hưng Đạo', '100000', 'Hà Nội'),
  person('Айгүл Нұрланқызы', 'aigul.nurlankyzy', 'KZ', 'Абай даңғылы 52', '050008', 'Алматы'),
  person('Ерлан Қасымов', 'erlan.kasymov', 'KZ', 'Мәңгілік Ел 10', '010000', 'Астана'),
];

export const HIRES: readonly [Person, ...Person[]] = [
  person('Tereza Černá', 'tereza.cerna', 'CZ', '', '', 'Praha'),
  person('Otakar Žďárský', 'otakar.zdarsky', 'CZ', '', '', 'Praha'),
  person('Bára Jelínková', 'bara.jelinkova', 'CZ', '', '', 'Brno'),
  person('Đức Trần', 'duc.tran', 'VN', '', '', 'Praha'),
  person('Łukasz Gąsior', 'lukasz.gasior', 'PL', '', '', 'Ostrava'),
  person('Vojtěch Říha', 'vojtech.riha', 'CZ', '', '', 'Brno'),
  person('Дәмира Серікқызы', 'damira.serikkyzy', 'KZ', '', '', 'Praha'),
  person('Žofie Ůlehlová', 'zofie.ulehlova', 'CZ', '', '', 'Praha'),
  person('Björn Hößler', 'bjoern.hoessler', 'DE', '', '', 'Praha'),
  person('Ján Ďurčo', 'jan.durco', 'SK', '', '', 'Brno'),
  person('Eliška Ťoupalová', 'eliska.toupalova', 'CZ', '', '', 'Plzeň'),
  person('Matěj Ňuňuk', 'matej.nunuk', 'CZ', '', '', 'Olomouc'),
];

export const JOBS: readonly [{ department: string; position: string }, ...{ department: string; position: string }[]] = [
  { department: 'Sklad', position: 'Skladnice' },
  { department: 'Účtárna', position: 'Hlavní účetní' },
  { department: 'Obchod', position: 'Obchodní zástupce' },
  { department: 'Vývoj', position: 'Vývojářka' },
  { department: 'Zákaznická péče', position: 'Specialistka' },
];
