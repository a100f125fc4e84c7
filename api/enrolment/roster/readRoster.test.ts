import { describe, expect, it } from 'vitest';
import { maxRosterLines } from '../../contract/index.ts';
import { decodeRoster } from './decodeRoster.ts';
import { neutralizeFormula } from '../../contract/index.ts';
import { parseRoster } from './parseRoster.ts';

const list = 'email,name,role,group\nada@example.org,Ada Müller,student,Di\n';
const utf8 = new TextEncoder();
const utf16 = (text: string, isBig = false) => {
  const bytes = Buffer.from(text, 'utf16le');
  return new Uint8Array(isBig ? bytes.swap16() : bytes);
};
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

describe('The text of a list', () => {
  it.each([
    ['UTF-8', 'utf-8', utf8.encode(list)],
    ['UTF-8 with a byte order mark', 'utf-8', utf8.encode(`\ufeff${list}`)],
    ['UTF-16 as Excel writes it', 'utf-16le', utf16(`\ufeff${list}`)],
    ['UTF-16, the big end first', 'utf-16be', utf16(`\ufeff${list}`, true)],
    ['UTF-16 without a byte order mark', 'utf-16le', utf16(list)],
    ['UTF-16, the big end first, without a byte order mark', 'utf-16be', utf16(list, true)],
    ['Latin-1', 'windows-1252', latin1(list)],
  ])('is read from %s', (_, encoding, bytes) => {
    const decoded = decodeRoster(bytes);
    expect(decoded.encoding).toBe(encoding);
    expect(parseRoster(decoded.text).lines).toEqual([{ line: 2, email: 'ada@example.org', name: 'Ada Müller', role: 'student', group: 'Di' }]);
  });

  it('has the quotation marks and the euro sign of Windows-1252', () => {
    expect(decodeRoster(new Uint8Array([0x93, 0x80, 0x94, 0x2c, 0x40])).text).toBe('“€”,@');
  });

  it.each([
    ['a spreadsheet', new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x14, 0])],
    ['an Excel workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0])],
    ['a PDF', utf8.encode('%PDF-1.7\n')],
    ['not text', new Uint8Array(Array.from({ length: 999 }, (_, index) => (index * 7919) % 256))],
    ['empty', utf8.encode(' \r\n\t\n')],
    ['empty', new Uint8Array()],
  ])('is refused where the file is %s', (what, bytes) => {
    expect(() => decodeRoster(bytes)).toThrow(expect.objectContaining({ code: 'roster.unreadable', message: expect.stringContaining(what) as string }));
  });
});

describe('The columns of a list', () => {
  it.each([
    ['email,name', ','],
    ['E-Mail;Name', ';'],
    ['Email Address\tFull Name', '\t'],
    ['"Name, first";Correo electrónico;Nombre completo', ';'],
  ])('are found by their titles: %s', (titles, separator) => {
    const { columns, separator: found } = parseRoster(`${titles}\n${titles.split(separator).map((title) => (/mail|correo/i.test(title) ? 'ada@example.org' : 'Ada')).join(separator)}\n`);
    expect(found).toBe(separator);
    expect(columns.flatMap(({ column }) => column ?? [])).toEqual(['email', 'name']);
  });

  it('join first and last name, and leave out what is not used', () => {
    const { columns, lines } = parseRoster('Matrikel,Vorname,Nachname,E-Mail,email\n7,Ada,Lovelace,ada@example.org,other@example.org');
    expect(lines).toMatchObject([{ name: 'Ada Lovelace', email: 'ada@example.org' }]);
    expect(columns.map(({ column }) => column)).toEqual([null, 'firstName', 'lastName', 'email', null]);
  });

  it('need no titles where a column has addresses', () => {
    expect(parseRoster('ada@example.org\nBob <BOB@example.org>\n').lines).toMatchObject([{ line: 1, email: 'ada@example.org' }, { line: 2, email: 'bob@example.org' }]);
  });

  it.each(['name,role\nAda,student', 'just text\nand more', 'email,name\n', 'email\n\n'])('are refused where there are none or nobody: %j', (text) => {
    expect(() => parseRoster(text)).toThrow(expect.objectContaining({ code: 'roster.unreadable' }));
  });
});

describe('The lines of a list', () => {
  it('that cannot be used say why, and the others are kept', () => {
    const { lines, problems } = parseRoster(
      ['email,name,role,group', 'ada@example.org,Ada,TA,"Di, Do"', ',Bob,,', 'carol,Carol,,', 'dаve@example.org,Dave,,', 'ADA@example.org,Ada again,,', 'eve@example.org,Eve,owner,', `fay@example.org,Fay,,${'x'.repeat(61)}`, '', 'gil@example.org,"Gil\nGreen",,', 'hal@example.org'].join('\r\n'),
    );
    expect(lines.map(({ line, email, name, role, group }) => [line, email, name, role, group])).toEqual([
      [2, 'ada@example.org', 'Ada', 'assistant', 'Di, Do'],
      [11, 'gil@example.org', 'Gil Green', 'student', ''],
      [12, 'hal@example.org', '', 'student', ''],
    ]);
    expect(problems.map(({ line, problem }) => [line, problem])).toEqual([[3, 'emailMissing'], [4, 'emailInvalid'], [5, 'emailLookalike'], [6, 'emailRepeated'], [7, 'roleUnknown'], [8, 'groupInvalid']]);
  });

  it('are refused as a whole where quotation marks do not match, or where there are too many', () => {
    expect(() => parseRoster('email,name\nada@example.org,"Ada\nbob@example.org,Bob')).toThrow(expect.objectContaining({ code: 'roster.unreadable', message: expect.stringContaining('near line') as string }));
    const many = Array.from({ length: maxRosterLines + 1 }, (_, index) => `p${index}@example.org`);
    expect(() => parseRoster(['email', ...many].join('\n'))).toThrow(expect.objectContaining({ code: 'roster.unreadable', message: expect.stringContaining('5000') as string }));
    expect(parseRoster(['email', ...many.slice(1)].join('\n')).lines).toHaveLength(maxRosterLines);
  });

  it('never get a role from the names of object members', () => {
    for (const role of ['constructor', '__proto__', 'toString']) expect(parseRoster(`email,role\nada@example.org,${role}`).problems).toMatchObject([{ problem: 'roleUnknown' }]);
  });
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('A cell that begins like a formula is exported as text: %j', (cell) => {
  expect(neutralizeFormula(cell)).toBe(`'${cell}`);
  expect(neutralizeFormula(`x${cell}`)).toBe(`x${cell}`);
});
