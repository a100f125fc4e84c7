import { describe, expect, it } from 'vitest';
import { DisplayName, Email } from './accounts.ts';

const emailOf = (text: string) => Email.safeParse(text).data;
const problemOf = (text: string) => Email.safeParse(text).error?.issues[0]?.message;

describe('an e-mail address', () => {
  it.each([
    [' Ada@Example.org ', 'ada@example.org'],
    ['ａｄａ@ｅｘａｍｐｌｅ.org', 'ada@example.org'],
    ['𝐚𝐝𝐚@example.org', 'ada@example.org'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    // All letters are Cyrillic: it is another domain than apple.com, and is shown as one.
    ['ada@аррӏе.com', 'ada@xn--80ak6aa92e.com'],
    ['ada+term@sub.example.co.uk', 'ada+term@sub.example.co.uk'],
  ])('%s is %s', (given, stored) => {
    expect(emailOf(given)).toBe(stored);
  });

  it.each(['ada@exаmple.org', 'аda@example.org', 'ada@gοοgle.com'])('%s, with letters of two alphabets, is refused', (given) => {
    expect(problemOf(given)).toContain('one alphabet');
  });

  it.each(['ада@example.org', 'ada@bü cher.example', 'ada@bücher/x.example', 'ada@', '@bücher.example', 'ada', 'ada@ex\u0000ample.org'])('%j is refused', (given) => {
    expect(emailOf(given)).toBeUndefined();
  });
});

describe('a name', () => {
  it.each([
    ['𝐀𝐝𝐚 𝐋𝐨𝐯𝐞𝐥𝐚𝐜𝐞', 'Ada Lovelace'],
    ['Ａｄａ', 'Ada'],
    ['A\u200bd\u202ea', 'Ada'],
    ['Иван Petrov', 'Иван Petrov'],
    ['山田 太郎', '山田 太郎'],
    ['O’Brien-Müller', 'O’Brien-Müller'],
  ])('%s is %s', (given, shown) => {
    expect(DisplayName.parse(given)).toBe(shown);
  });

  it('with a word of two alphabets is refused', () => {
    expect(DisplayName.safeParse('Аdа Lovelace').success).toBe(false);
  });
});
