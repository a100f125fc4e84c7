import { computed } from '@preact/signals';
import type { Account } from '#api/contract';
import { AccountStore } from '../account/AccountStore.ts';

/** The account store of the page, and the API client that uses its token. */
export const accountStore = new AccountStore();
export const api = accountStore.api;

/** The signed-in account; undefined if nobody is signed in. */
export const account = computed<Account | undefined>(() => {
  const state = accountStore.state.value;
  return state.status === 'signedIn' ? state.account : undefined;
});

export function canTeach(who: Account | undefined): boolean {
  return who?.roles.some((role) => role === 'instructor' || role === 'admin') ?? false;
}
