import { en } from './texts/en.ts';
import { es } from './texts/es.ts';
import type { MailFormat, MailTemplate, MailText, MailTexts, MailValues } from './MailText.ts';
import type { OutgoingMail } from './Mailer.ts';

const languages: Readonly<Record<string, MailTexts>> = { en, es };

export interface ComposeOptions {
  template: MailTemplate;
  values: MailValues;
  /** BCP 47; English when it is unknown. */
  language: string | undefined;
  siteUrl: string;
}

/** Lays out a mail as plain text and as simple HTML. */
export function composeMail({ template, values, language, siteUrl }: ComposeOptions): Omit<OutgoingMail, 'to'> {
  const known = language !== undefined && Object.hasOwn(languages, language) ? language : 'en';
  const texts = languages[known] ?? en;
  const text = texts.templates[template](values, formatOf(known));
  const frame = { greeting: texts.greeting(shownName(values.name)), footer: texts.footer(siteUrl), language: known };
  return { subject: text.subject, text: plainOf(text, frame), html: htmlOf(text, frame) };
}

/** Empty for a name that mail programs would make a link of: a stranger may have chosen it. */
export function shownName(name: string): string {
  return /[:/\\@]|\p{L}[.。．｡]\p{L}{2,}|www/iu.test(name.normalize('NFKC')) ? '' : name;
}

interface Frame {
  greeting: string;
  footer: string;
  language: string;
}

function plainOf({ paragraphs, link, notes = [] }: MailText, { greeting, footer }: Frame): string {
  const blocks = [greeting, ...paragraphs, ...(link ? [link.url] : []), ...(notes.length > 0 ? [notes.join('\n')] : []), `-- \n${footer}`];
  return `${blocks.join('\n\n')}\n`;
}

function htmlOf({ subject, paragraphs, link, notes = [] }: MailText, { greeting, footer, language }: Frame): string {
  const paragraph = (words: string) => `<p style="margin:0 0 16px">${escape(words)}</p>`;
  const small = (words: string) => `<p style="margin:0 0 8px;font-size:14px;color:#555">${escape(words)}</p>`;
  const button = link ? `<p style="margin:24px 0"><a href="${escape(link.url)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1d4ed8;color:#fff;text-decoration:none">${escape(link.label)}</a></p>` : '';
  const body = [paragraph(greeting), ...paragraphs.map(paragraph), button, ...notes.map(small), `<hr style="margin:24px 0;border:0;border-top:1px solid #ddd">`, small(footer)];
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escape(subject)}</title></head><body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#111"><div style="max-width:560px">${body.join('')}</div></body></html>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

function formatOf(language: string): MailFormat {
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  return { day: (instant) => (instant === undefined ? '' : days.format(new Date(instant))) };
}
