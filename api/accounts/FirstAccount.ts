import { timingSafeEqual } from 'node:crypto';
import { CodedError } from '#engine/contract';
import { randomText } from '#engine/kernel';
import type { AccountStore } from './AccountStore.ts';

/** The one-time token for the first account. It is kept in memory only: every start prints a new one. */
export class FirstAccount {
  readonly #accounts: AccountStore;
  #token: string | undefined;

  private constructor(accounts: AccountStore, token: string | undefined) {
    this.#accounts = accounts;
    this.#token = token;
  }

  static async open(accounts: AccountStore): Promise<FirstAccount> {
    return new FirstAccount(accounts, (await accounts.hasAdmin()) ? undefined : randomText(26));
  }

  /** For the link that is printed at start-up; undefined once there is an administrator. */
  get token(): string | undefined {
    return this.#token;
  }

  async isNeeded(): Promise<boolean> {
    return !(await this.#accounts.hasAdmin());
  }

  /**
   * Runs `create` if the token is right, once. The token stays valid when `create` fails.
   * @throws CodedError `setup.done`, `setup.tokenWrong`
   */
  async redeem<T>(token: string, create: () => Promise<T>): Promise<T> {
    const expected = this.#token;
    if (expected === undefined) throw new CodedError('setup.done', 'The first account already exists. Sign in instead.');
    if (!isSameText(token, expected)) throw new CodedError('setup.tokenWrong', 'This setup link is no longer valid. Open the link that the last start printed in the terminal.');
    this.#token = undefined;
    try {
      return await create();
    } catch (error) {
      this.#token = expected;
      throw error;
    }
  }
}

function isSameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
