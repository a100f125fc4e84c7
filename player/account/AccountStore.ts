import { signal } from '@preact/signals';
import type { Account, ApiClient, SignedIn } from '#api/contract';
import { ApiError, createApiClient } from '#api/contract';
import type { ServerClock } from '../app/ServerClock.ts';
import { serverClock } from '../app/ServerClock.ts';

/** `unknown` until the first refresh is answered; `unreachable` while the server does not answer it. */
export type AccountState =
  | { status: 'unknown' }
  | { status: 'unreachable' }
  | { status: 'signedOut' }
  | { status: 'signedIn'; account: Account };

const lockName = 'lectern.refresh';
const channelName = 'lectern.account';
/** All tabs wait for the one that refreshes. The timeout keeps a lost response from blocking them. */
const refreshTimeoutMs = 15_000;

/**
 * In charge of who is signed in. Keeps the access token in memory and renews it with the refresh cookie. One renewal runs
 * at a time over all tabs, because each refresh token is valid once. Owns the API client and the channel between tabs.
 */
export class AccountStore {
  readonly state = signal<AccountState>({ status: 'unknown' });
  readonly api: ApiClient;
  private accessToken: string | undefined;
  private pendingRefresh: Promise<boolean> | undefined;
  private readonly channel: BroadcastChannel | undefined;

  constructor(fetcher: typeof globalThis.fetch = (...given) => globalThis.fetch(...given), clock: ServerClock = serverClock) {
    this.api = createApiClient({
      baseUrl: '',
      fetch: fetcher,
      getAccessToken: () => this.accessToken,
      onUnauthorized: () => this.refresh(),
      onResponse: (response) => clock.set(response.headers.get('date')),
    });
    this.channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(channelName);
    this.channel?.addEventListener('message', () => this.forget());
  }

  /** Renews the access token. Resolves to true if a user is signed in afterwards. Never rejects. */
  refresh(): Promise<boolean> {
    this.pendingRefresh ??= this.renew().finally(() => {
      this.pendingRefresh = undefined;
    });
    return this.pendingRefresh;
  }

  /** The access token, for requests that the API client does not send. It may have expired: `refresh` renews it. */
  get token(): string | undefined {
    return this.accessToken;
  }

  accept(signedIn: SignedIn): void {
    this.accessToken = signedIn.accessToken;
    this.state.value = { status: 'signedIn', account: signedIn.account };
  }

  replaceAccount(account: Account): void {
    this.state.value = { status: 'signedIn', account };
  }

  async signOut(): Promise<void> {
    await this.api.logout();
    this.forget();
    this.channel?.postMessage('signedOut');
  }

  private async renew(): Promise<boolean> {
    try {
      this.accept(await withRefreshLock(() => this.api.refresh({}, { signal: AbortSignal.timeout(refreshTimeoutMs) })));
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) this.forget();
      else if (this.state.value.status === 'unknown') this.state.value = { status: 'unreachable' };
      return false;
    }
  }

  private forget(): void {
    this.accessToken = undefined;
    this.state.value = { status: 'signedOut' };
  }
}

/** Web Locks exist on secure pages only. Elsewhere two tabs can refresh at once, and one of them must sign in again. */
function withRefreshLock<T>(work: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;
  return locks ? locks.request(lockName, work) : work();
}
