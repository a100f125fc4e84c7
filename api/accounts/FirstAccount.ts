import { CodedError } from '#engine/contract';
import type { MacKeys } from '../access/index.ts';
import type { AccountStore } from './AccountStore.ts';

/** What the token stands for. */
const purpose = 'the first account';

/**
 * The token with which the first account is created. It is derived from a secret that all processes of a site share, and works
 * until there is an administrator.
 */
export class FirstAccount {
  readonly #accounts: AccountStore;
  readonly #keys: MacKeys;
  #token: string | undefined;

  private constructor(accounts: AccountStore, keys: MacKeys, token: string | undefined) {
    this.#accounts = accounts;
    this.#keys = keys;
    this.#token = token;
  }

  static async open(accounts: AccountStore, keys: MacKeys): Promise<FirstAccount> {
    return new FirstAccount(accounts, keys, (await accounts.hasAdmin()) ? undefined : keys.mac(purpose));
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
    // Another process may have created it.
    if (expected === undefined || !(await this.isNeeded())) throw new CodedError('setup.done', 'The first account already exists. Sign in instead.');
    if (!this.#keys.isGenuine(token, purpose)) throw new CodedError('setup.tokenWrong', 'This setup link is not valid. Open the link that the last start printed in the terminal.');
    if (this.#token === undefined) throw new CodedError('setup.done', 'The first account already exists. Sign in instead.');
    this.#token = undefined;
    try {
      return await create();
    } catch (error) {
      this.#token = expected;
      throw error;
    }
  }
}
