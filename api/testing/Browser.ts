import { createApiClient } from '../contract/index.ts';
import type { ApiClient, SignedIn } from '../contract/index.ts';

/** The browser of one person, with its cookies and access token. */
export class Browser {
  readonly api: ApiClient;
  readonly cookies = new Map<string, { value: string; path: string; attributes: string }>();
  readonly #url: string;
  token: string | undefined;
  account: SignedIn['account'] | undefined;

  constructor(url: string) {
    this.#url = url;
    this.api = createApiClient({
      baseUrl: url,
      fetch: (input, init) => this.fetch(input, init),
      getAccessToken: () => this.token,
      onUnauthorized: async () => false,
    });
  }

  get userId(): string {
    if (!this.account) throw new Error('nobody is logged in in this browser');
    return this.account.id;
  }

  async signup(name: string): Promise<this> {
    return this.take(await this.api.signup({ body: { email: `${name}@example.org`, displayName: name, password: `${name}-password` } }));
  }

  /** Joins a course by a one-time invitation of its owner. */
  async join(owner: Browser, courseId: string, role: 'student' | 'assistant'): Promise<this> {
    const { token } = await owner.api.createInvitation({ params: { courseId }, body: { role } });
    await this.api.acceptInvitation({ body: { token } });
    return this;
  }

  take({ accessToken, account }: SignedIn): this {
    this.token = accessToken;
    this.account = account;
    return this;
  }

  async fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input, this.#url);
    const headers = new Headers(init.headers);
    const sent = [...this.cookies].filter(([, { path }]) => url.pathname.startsWith(path)).map(([name, { value }]) => `${name}=${value}`);
    if (sent.length > 0) headers.set('cookie', sent.join('; '));
    const response = await fetch(url, { ...init, headers });
    for (const line of response.headers.getSetCookie()) this.#setCookie(line);
    return response;
  }

  #setCookie(line: string): void {
    const [, name = '', value = '', attributes = ''] = /^([^=]+)=([^;]*);?(.*)$/.exec(line) ?? [];
    const path = /path=([^;]+)/i.exec(attributes)?.[1] ?? '/';
    if (value === '' || /expires=Thu, 01 Jan 1970/i.test(attributes)) this.cookies.delete(name);
    else this.cookies.set(name, { value, path, attributes });
  }
}
