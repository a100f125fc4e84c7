import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ApiError } from '#api/contract';
import type { FieldProblem } from '#api/contract';
import { errorCodes } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import { en } from './en.ts';
import { languageNames, languageOfBrowser, languages, showLanguage, text } from './index.ts';
import { fieldSentence, sentenceFor } from './sentenceFor.ts';
import type { LanguageTexts } from './Text.ts';

type Leaf = readonly [path: string, words: unknown];

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

/** What a text says, with examples for what is filled in. */
function spoken(words: unknown): string {
  return typeof words === 'function' ? String((words as (...given: unknown[]) => unknown)(7, 7, 7)) : String(words);
}

/** Texts that are the same in English and in Spanish: names, units, and words that both languages share. */
const same = new Set([
  'shell.product',
  'account.setupNeededLines', // What the terminal of the server prints.
  'server.cpu',
  'jobs.choice', 'jobs.progress',
  'materials.linkHint', 'materials.size',
  'webhooks.title',
  'schedule.noted',
  'room.recorded', 'room.chat',
  'administration.audit.no', 'administration.audit.kinds.webhook', 'administration.sections.webhooks',
  'administration.settings.general',
  'health.clockOff',
  'health.partNames.redis',
  'chat.slowModeEvery',
  'library.clip', 'library.sources.clip',
  'studio.rivals.encoder', 'studio.unnamedDevice', 'studio.obsTab', 'studio.obs.every', 'studio.obs.framesPerSecond', 'studio.obs.no',
  'videoPage.no',
  'watch.chat', 'watch.speedNormal', 'watch.qualityName', 'watch.sources.microphone',
]);
/** Keys of a keyboard. */
const isKeys = (path: string) => /^(watch\.keyboard|studio|editor)\.keys\.\d+\.keys$/.test(path);

let es: LanguageTexts;
beforeAll(async () => {
  es = await languages.es();
});

describe('Spanish', () => {
  it('has every text of English, and no other', () => {
    expect(leaves(es.text).map(([path]) => path)).toEqual(leaves(en).map(([path]) => path));
    for (const [path, words] of leaves(es.text)) expect(spoken(words), path).not.toBe('');
  });

  it('takes the same parts in its sentences', () => {
    const english = new Map(leaves(en));
    for (const [path, words] of leaves(es.text)) expect([path, typeof words, typeof words === 'function' && words.length], path).toEqual([path, typeof english.get(path), typeof words === 'function' && (english.get(path) as () => string).length]);
  });

  it('is translated: only names, units and shared words are the same', () => {
    const english = new Map(leaves(en));
    const untranslated = leaves(es.text).filter(([path, words]) => spoken(words) === spoken(english.get(path)) && !isKeys(path)).map(([path]) => path);
    expect(untranslated.sort()).toEqual([...same].sort());
  });

  it('has a sentence for every error code', () => {
    for (const code of errorCodes) expect(es.text.errors[code], code).toMatch(/\.$/);
  });

  it('ends, asks and quotes as Spanish does', () => {
    for (const [path, words] of leaves(es.text)) {
      const sentence = spoken(words);
      expect(/[“”]/.test(sentence), `${path} quotes like English`).toBe(false);
      expect(sentence.includes('?') && sentence.length > 1 && !sentence.includes('¿'), `${path} asks without ¿`).toBe(false);
      expect(/\b(usted|ustedes|vosotros|su contraseña)\b/i.test(sentence), `${path} is formal`).toBe(false);
    }
  });
});

describe('the language of the pages', () => {
  it('is the first that the browser asks for and the pages have', () => {
    expect(languageOfBrowser(['es-MX', 'en'])).toBe('es');
    expect(languageOfBrowser(['fr-FR', 'es', 'en'])).toBe('es');
    expect(languageOfBrowser(['EN-gb', 'es'])).toBe('en');
    expect(languageOfBrowser(['est', 'ca'])).toBe('en');
    expect(languageOfBrowser([])).toBe('en');
  });

  it('changes at once, and the last choice counts', async () => {
    onTestFinished(() => showLanguage('en'));
    await showLanguage('es');
    expect([text.locale, text.actions.cancel]).toEqual(['es', 'Cancelar']);
    await Promise.all([showLanguage('es'), showLanguage('en')]);
    expect([text.locale, text.actions.cancel]).toEqual(['en', 'Cancel']);
    expect(Object.keys(languageNames)).toEqual(Object.keys(languages));
  });
});

describe('a failure on a Spanish page', () => {
  const problem = (code: ErrorCode, detail: string, errors?: FieldProblem[]) => new ApiError({ type: '', title: '', status: 400, detail, code, instance: '', ...(errors ? { errors } : {}) });
  const inSpanish = async () => {
    onTestFinished(() => showLanguage('en'));
    await showLanguage('es');
  };

  it('is the translated sentence of the server if that says more, and else that of the page', async () => {
    await inSpanish();
    expect(sentenceFor(problem('request.tooFrequent', 'Too many attempts. Try again in 30 seconds.'))).toBe('Demasiados intentos. Inténtalo de nuevo en 30 segundos.');
    expect(sentenceFor(problem('access.denied', 'Your role in this course (student) does not allow this. Ask the instructor of the course to change it.'))).toContain('(alumno)');
    expect(sentenceFor(problem('access.denied', 'A sentence nobody has translated.'))).toBe(es.text.errors['access.denied']);
  });

  it('says what is wrong with a field', async () => {
    const error = problem('request.invalid', 'Enter a name.', [{ path: 'displayName', message: 'Enter a name.' }, { path: 'email', message: 'Invalid input' }, { path: 'password', message: 'At least 8 characters.' }]);
    expect(fieldSentence(error, 'displayName')).toBe('Enter a name.');
    await inSpanish();
    expect(['displayName', 'email', 'password', 'roles'].map((path) => fieldSentence(error, path))).toEqual(['Escribe un nombre.', 'Revisa este dato.', 'Al menos 8 caracteres.', undefined]);
    expect(sentenceFor(error)).toBe('Escribe un nombre.');
  });
});
