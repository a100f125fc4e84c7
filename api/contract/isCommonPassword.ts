/** What others try first, as letters: the most frequent words of leaked passwords, and names of the product. */
const commonWords = new Set(
  ('password passwort passw passwd parola parol contrasena motdepasse senha wachtwoord haslo qwerty qwertz azerty qwertyuiop qwertzuiop asdfgh asdfghjkl zxcvbn zxcvbnm ' +
    'qazwsx qazwsxedc qweasd qweasdzxc qwe qweqwe asdasd zxczxc abc abcd abcabc abcdef abcdefg abcdefgh abcdefghi admin administrator root user guest test tester testing login welcome letmein ' +
    'iloveyou ilovegod loveyou lovely sunshine princess princesa dragon monkey football baseball basketball superman batman pokemon starwars master shadow michael jennifer jordan jessica ' +
    'charlie ashley michelle daniel thomas andrew joshua matthew computer internet samsung google facebook linkedin dropbox whatever trustno freedom chocolate butterfly flower summer winter ' +
    'autumn spring monday friday liverpool chelsea arsenal barcelona realmadrid nothing secret changeme default temp temppassword newpassword mypassword mypass passpass hello helloworld ' +
    'student teacher professor university school college lecture lectern instructor online learning').split(' '),
);

const sameLooking: Readonly<Record<string, string>> = { 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i' };

/** True for a password that is among the first which others try: a common word with its usual decorations, a row of keys, a repetition. */
export function isCommonPassword(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  // A short word among many other characters is no decoration.
  return isRepetition(text) || isRow(text) || candidates(text).some((word) => word.length * 3 >= text.length && commonWords.has(word));
}

/** The word in `Passw0rd!2024`: without decorations at its ends, and with letters for digits. */
function candidates(text: string): string[] {
  const bare = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const trimmed = text.replace(/[\d\W_]*$/u, '');
  return [bare, letters(bare), letters(trimmed), letters(text)].map((word) => word.replace(/[\s._-]/g, ''));
}

function letters(text: string): string {
  return [...text].map((character) => sameLooking[character] ?? character).join('');
}

/** One or two characters, or a part of up to four repeated: `aaaaaaaa`, `12341234`. */
function isRepetition(text: string): boolean {
  return text.length > 0 && (new Set(text).size <= 2 || /^(.{1,4})\1+$/su.test(text));
}

const rows = ['01234567890', '09876543210', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'azertyuiop', '1qaz2wsx3edc4rfv5tgb6yhn7ujm', '1q2w3e4r5t6y7u8i9o0p'];

function isRow(text: string): boolean {
  return rows.some((row) => row.includes(text) || [...row].reverse().join('').includes(text));
}
