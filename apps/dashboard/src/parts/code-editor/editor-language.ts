/** Loads how a language is read; YAML comes as its own file, most editors never need it. */
import { json } from '@codemirror/lang-json';
import { StreamLanguage } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import type { CodeLanguage } from './code-language.ts';
import { jsonataStream } from './jsonata-stream.ts';
import { xmlStream } from './xml-stream.ts';

const jsonata = StreamLanguage.define(jsonataStream);
const xml = StreamLanguage.define(xmlStream);

/** At once, or a promise for what has to be fetched. */
export function editorLanguage(language: CodeLanguage): Extension | Promise<Extension> {
  if (language === 'json') return json();
  if (language === 'jsonata') return jsonata;
  if (language === 'xml') return xml;
  return language === 'yaml' ? import('@codemirror/lang-yaml').then(({ yaml }) => yaml()) : [];
}
