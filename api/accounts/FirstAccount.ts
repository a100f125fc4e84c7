import { CodedError } from '#engine/contract';
import type { RateLimiter, RateLimiters } from '#engine/kernel';
import type { MacKeys } from '../access/index.ts';
import type { AccountStore } from './AccountStore.ts';

const purpose = 'first account';
/** One attempt at a time on the whole site. One that fails is given back; after one that succeeds there is an administrator. */
const oneAttempt = { burst: 1, perSecond: 1 / 60 };

export interface FirstAccountOptions {
  accounts: AccountStore;
  keys: MacKeys;
  limiters: RateLimiters;
}

/** The token for the first account. Every process of the site prints the same one and accepts it, until there is an administrator. */
export class FirstAccount {
  readonly #accounts: AccountStore;
  readonly #keys: MacKeys;
  readonly #attempts: RateLimiter;
  #isNeeded: boolean;

  private constructor({ accounts, keys, limiters }: FirstAccountOptions, isNeeded: boolean) {
    this.#accounts = accounts;
    this.#keys = keys;
    this.#attempts = limiters.open('firstAccount', oneAttempt);
    this.#isNeeded = isNeeded;
  }

  static async open(options: FirstAccountOptions): Promise<FirstAccount> {
    return new FirstAccount(options, !(await options.accounts.hasAdmin()));
  }

  /** For the link that is printed at start-up; undefined once this process knows an administrator. */
  get token(): string | undefined {
    return this.#isNeeded ? Buffer.from(this.#keys.mac(purpose), 'base64url').toString('hex') : undefined;
  }

  async isNeeded(): Promise<boolean> {
    this.#isNeeded = !(await this.#accounts.hasAdmin());
    return this.#isNeeded;
  }

  /**
   * Runs `create` if the token is right, once. The token stays valid when `create` fails.
   * @throws CodedError `setup.done`, `setup.tokenWrong`
   */
  async redeem<T>(token: string, create: () => Promise<T>): Promise<T> {
    if (!(await this.isNeeded())) throw done();
    if (!this.#keys.isGenuine(Buffer.from(token, 'hex').toString('base64url'), purpose)) {
      throw new CodedError('setup.tokenWrong', 'This setup link is no longer valid. Open the link that the last start printed in the terminal.');
    }
    if (!(await this.#attempts.take(purpose)).isAllowed) throw done();
    try {
      // An attempt before this one may have succeeded since the first question.
      if (!(await this.isNeeded())) throw done();
      const created = await create();
      this.#isNeeded = false;
      return created;
    } catch (error) {
      await this.#attempts.giveBack(purpose);
      throw error;
    }
  }
}

function done(): CodedError {
  return new CodedError('setup.done', 'The first account already exists. Sign in instead.');
}
