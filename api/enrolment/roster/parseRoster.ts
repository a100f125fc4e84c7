import { CsvError, parse } from 'csv-parse/sync';
import { cleanLine } from '#engine/contract';
import { Email, GroupName, maxDisplayNameLength, maxRosterLines } from '../../contract/index.ts';
import type { RosterColumn, RosterImport, RosterProblem } from '../../contract/index.ts';
import { groupKey } from '../GroupStore.ts';
import { unreadable } from './decodeRoster.ts';
import { columnOf, listedRole } from './rosterColumns.ts';

/** A line that can be used. */
export interface ParsedLine {
  line: number;
  email: string;
  name: string;
  role: 'student' | 'assistant';
  /** Empty: none. */
  group: string;
}

export interface LineProblem {
  line: number;
  problem: RosterProblem;
  text: string;
}

export interface ParsedRoster {
  separator: RosterImport['separator'];
  columns: RosterImport['columns'];
  lines: ParsedLine[];
  problems: LineProblem[];
}

interface RawRecord {
  record: string[];
  info: { lines: number };
}

const separators = [',', ';', '\t'] as const;

/** Columns of a line: spreadsheets of other programs have a dozen. */
const maxColumns = 50;

/** Characters of a cell in a message. */
const maxShownText = 80;

/** Reads a list of people. @throws CodedError `roster.unreadable` for one without addresses, with too many lines, or with broken quotes */
export function parseRoster(text: string): ParsedRoster {
  const separator = separatorOf(text);
  const [first, ...rest] = readRecords(text, separator);
  if (!first) throw unreadable('This file is empty.');
  if ([first, ...rest].some(({ record }) => record.length > maxColumns)) throw unreadable(`This list has more than ${maxColumns} columns. Keep those with addresses, names, roles and groups.`);
  const titled = first.record.map((title) => ({ title: cleanLine(title).slice(0, maxShownText), column: columnOf(title) }));
  const hasTitles = titled.some(({ column }) => column === 'email');
  const columns = hasTitles ? onlyFirst(titled) : untitledColumns(first.record);
  const records = hasTitles ? rest : [first, ...rest];
  if (records.length === 0) throw unreadable('This list has a line of titles and no people.');
  if (records.length > maxRosterLines) throw unreadable(`This list has more than ${maxRosterLines} lines. Split it into several files.`);
  return { separator, columns, ...readLines(records, columns) };
}

function readLines(records: readonly RawRecord[], columns: ParsedRoster['columns']): Pick<ParsedRoster, 'lines' | 'problems'> {
  const lines: ParsedLine[] = [];
  const problems: LineProblem[] = [];
  const firstLines = new Map<string, number>();
  for (const { record, info } of records) {
    const read = readLine(record, info.lines, columns);
    const earlier = 'email' in read ? firstLines.get(read.email) : undefined;
    if ('problem' in read) problems.push(read);
    else if (earlier !== undefined) problems.push({ line: read.line, problem: 'emailRepeated', text: `${read.email} (${earlier})` });
    else {
      firstLines.set(read.email, read.line);
      lines.push(read);
    }
  }
  return { lines, problems };
}

function readLine(record: readonly string[], line: number, columns: ParsedRoster['columns']): ParsedLine | LineProblem {
  const cell = (wanted: RosterColumn) => cleanLine(record[columns.findIndex(({ column }) => column === wanted)] ?? '');
  const failed = (problem: RosterProblem, about: string): LineProblem => ({ line, problem, text: about.slice(0, maxShownText) });
  const address = cell('email');
  if (address === '') return failed('emailMissing', '');
  const email = Email.safeParse(bareAddress(address));
  if (!email.success) return failed(looksAlike(address) ? 'emailLookalike' : 'emailInvalid', address);
  const role = listedRole(cell('role'));
  if (!role) return failed('roleUnknown', cell('role'));
  const group = cell('group');
  if (group !== '' && (!GroupName.safeParse(group).success || groupKey(group) === '')) return failed('groupInvalid', group);
  const name = cell('name') || [cell('firstName'), cell('lastName')].filter(Boolean).join(' ');
  return { line, email: email.data, name: name.slice(0, maxDisplayNameLength), role, group };
}

/** `Ada Lovelace <ada@example.org>`, as mail programs copy it. */
function bareAddress(text: string): string {
  return (/<([^<>]+)>\s*$/.exec(text)?.[1] ?? text).replace(/^mailto:/i, '');
}

/** Letters of other alphabets, which look like those of an address. Nobody could type what the list has. */
function looksAlike(address: string): boolean {
  return /[^\u0000-\u007f]/.test(address) && address.includes('@');
}

/** A list of addresses without titles: the column that has one. */
function untitledColumns(record: readonly string[]): ParsedRoster['columns'] {
  const position = record.findIndex((cell) => Email.safeParse(bareAddress(cleanLine(cell))).success);
  if (position < 0) throw unreadable('No column of this list has the title “email”. Add a first line with titles, such as: email,name,role,group');
  return record.map((_, index) => ({ title: '', column: index === position ? 'email' : null }));
}

/** Of two columns with one meaning, the first is used. */
function onlyFirst(columns: ParsedRoster['columns']): ParsedRoster['columns'] {
  return columns.map(({ title, column }, index) => ({ title, column: columns.findIndex((other) => other.column === column) === index ? column : null }));
}

/** The one that divides the first line into most cells. */
function separatorOf(text: string): ParsedRoster['separator'] {
  const first = (/[^\r\n]+/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = separators.map((separator) => ({ separator, count: first.split(separator).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).separator;
}

function readRecords(text: string, delimiter: string): RawRecord[] {
  try {
    return parse(text, {
      delimiter,
      info: true,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      // One more than is accepted, and the line of titles.
      to: maxRosterLines + 2,
    }) as unknown as RawRecord[];
  } catch (err) {
    if (!(err instanceof CsvError)) throw err;
    const line = typeof err['lines'] === 'number' ? ` near line ${err['lines']}` : '';
    throw unreadable(`The quotation marks of this list do not match${line}. Correct them, or remove them.`);
  }
}
