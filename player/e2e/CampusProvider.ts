// Responsible for a real OpenID Connect provider (oidc-provider) on loopback, with a page where its people sign in. Owns its server.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { Page } from 'playwright-core';
import { Provider } from 'oidc-provider';

/** By the name with which the person signs in there. */
export type CampusPeople = Readonly<Record<string, { email: string; email_verified: boolean; name: string }>>;

export interface CampusOptions {
  port: number;
  redirectUri: string;
  people: CampusPeople;
}

export const campusClient = { clientId: 'lectern', clientSecret: 'a secret between Lectern and its campus' };

export class CampusProvider {
  readonly issuer: string;
  readonly #server: Server;

  private constructor(issuer: string, server: Server) {
    this.issuer = issuer;
    this.#server = server;
  }

  static async start({ port, redirectUri, people }: CampusOptions): Promise<CampusProvider> {
    const issuer = `http://127.0.0.1:${port}`;
    const provider = new Provider(issuer, {
      clients: [{ client_id: campusClient.clientId, client_secret: campusClient.clientSecret, redirect_uris: [redirectUri] }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AuthorizationCode: 60, AccessToken: 600, IdToken: 600 },
      cookies: { keys: ['for tests only'] },
      findAccount: (_context, accountId) => ({ accountId, claims: async () => ({ sub: accountId, ...people[accountId] }) }),
    });
    const server = createServer((request, response) => void provider.callback()(request, response));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new CampusProvider(issuer, server);
  }

  /** Signs in on the pages of the provider, and consents. */
  async signIn(page: Page, name: string): Promise<void> {
    await page.waitForURL((url) => url.origin === this.issuer);
    await page.locator('input[name=login]').fill(name);
    await page.locator('input[name=password]').fill('any password');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
