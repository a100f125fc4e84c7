import { it } from 'vitest';

/** Tests that a server cannot judge, by title, with the reason. */
export type CannotJudge = Readonly<Record<string, string>>;

/** Declares a test, unless the server cannot judge it. */
export type JudgedTest = (title: string, test: () => Promise<void>) => void;

export function judgedTest(cannotJudge: CannotJudge): JudgedTest {
  return (title, test) => {
    if (!Object.hasOwn(cannotJudge, title)) it(title, test);
  };
}
