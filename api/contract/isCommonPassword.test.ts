import { expect, it } from 'vitest';
import { isCommonPassword } from './isCommonPassword.ts';

it.each([
  'password', 'Password1', 'P@ssw0rd!', 'password123', '12345678', '123456789', '1234567890', '87654321', '11111111', '12341234', 'abcabcabc', 'qwertyuiop', 'QWERTZUIOP',
  'asdfghjkl', '1qaz2wsx', '1q2w3e4r5t', 'iloveyou', 'iloveyou2', 'Sunshine!', 'letmein123', 'welcome2026', 'Admin123!', 'changeme', 'student1', 'lectern2026', 'pass word', 'abcdefgh', 'trustno1', '        ',
])('%j is common', (password) => {
  expect(isCommonPassword(password)).toBe(true);
});

it.each(['sam-password', 'ada-password', 'long enough', 'a good password', 'correct horse battery', 'Tr0ub4dor&3', 'x7#kPq2m', '4915730271', 'привет мир снова', 'quite another password'])('%j is not', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});
