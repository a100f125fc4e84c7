import type { AccountRow } from './AccountStore.ts';

/** What a login needs beside its password. Implemented by `api/factors`. */
export interface SecondFactor {
  /** @throws CodedError `secondFactor.required` for an account that has a second factor */
  require(account: AccountRow): Promise<void>;
}
