import { createHash } from 'node:crypto';
import type { UserId } from '#engine/contract';
import { randomText } from '#engine/kernel';
import { recoveryCodeCount } from '../contract/index.ts';
import type { FactorStore } from './FactorStore.ts';

/** 80 random bits: nobody finds a code from its hash, so that no slow hash is needed. */
const codeLength = 16;

/** Issues and uses up the codes for somebody whose other second factors are lost. Only their hashes are stored. */
export class RecoveryCodes {
  readonly #store: FactorStore;

  constructor(store: FactorStore) {
    this.#store = store;
  }

  /** New codes for an account that has none; null if it has some. */
  async issueFirst(userId: UserId): Promise<string[] | null> {
    return (await this.#store.countRecoveryCodes(userId)) > 0 ? null : this.replace(userId);
  }

  /** `xxxx-xxxx-xxxx-xxxx`; the earlier ones are no longer valid. */
  async replace(userId: UserId): Promise<string[]> {
    const codes = Array.from({ length: recoveryCodeCount }, () => randomText(codeLength));
    await this.#store.replaceRecoveryCodes(userId, codes.map((code) => hashOf(userId, code)));
    return codes.map((code) => code.replace(/(.{4})(?!$)/g, '$1-'));
  }

  /** True once for each code, however it is written. */
  async use(userId: UserId, given: string): Promise<boolean> {
    const code = plain(given);
    return code.length === codeLength && this.#store.useRecoveryCode(userId, hashOf(userId, code));
  }
}

/** Crockford's base 32 reads o as 0, and i and l as 1. */
function plain(given: string): string {
  return given.toLowerCase().replace(/[^0-9a-z]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
}

function hashOf(userId: UserId, code: string): string {
  return createHash('sha256').update(`recovery\n${userId}\n${code}`).digest('base64url');
}
