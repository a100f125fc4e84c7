import { Secret, TOTP } from 'otpauth';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { freePort } from '../../engine/setup/freePort.ts';
import { Person } from '../demo/Person.ts';
import { en } from '../text/en.ts';
import { campusClient, CampusProvider } from './CampusProvider.ts';
import { describeWithOwnServer, it } from './classroomTest.ts';
import { pageTimeoutMs } from './launchChromium.ts';
import { password } from './RunningSite.ts';
import { TestServer } from './TestServer.ts';

const people = {
  eve: { email: 'eve@example.org', email_verified: true, name: 'Eve' },
  sammy: { email: 'sammy@campus.example.org', email_verified: false, name: 'Sam at the campus' },
  mallory: { email: 'ada@example.org', email_verified: false, name: 'Mallory' },
};

describeWithOwnServer('signing in', () => {
  let server: TestServer;
  let campus: CampusProvider;
  let newContext: () => Promise<BrowserContext>;
  const contexts: BrowserContext[] = [];

  it.beforeAll(async ({ browser }) => {
    const [httpPort, campusPort] = [await freePort(), await freePort()];
    campus = await CampusProvider.start({ port: Number(campusPort), redirectUri: `http://localhost:${httpPort}/sign-in/campus`, people });
    const provider = { id: 'campus', name: 'Campus', issuer: campus.issuer, ...campusClient };
    server = await TestServer.start({ settings: { LECTERN_HTTP_PORT: httpPort, LECTERN_OIDC_PROVIDERS: JSON.stringify([provider]) } });
    newContext = async () => {
      const context = await browser.newContext();
      context.setDefaultTimeout(pageTimeoutMs);
      // The pages of the provider ask for a font of another site.
      await context.route(/googleapis/, (route) => route.abort());
      contexts.push(context);
      return context;
    };
  });

  it.afterAll(async () => {
    for (const context of contexts) await context.close();
    await server?.close();
    await campus?.close();
  });

  const openSignIn = async (context?: BrowserContext) => {
    const page = await (context ?? (await newContext())).newPage();
    await page.goto(`${server.url}/sign-in`);
    return page;
  };

  const signInAtCampus = async (name: string) => {
    const page = await openSignIn();
    await page.getByRole('button', { name: en.security.signInWith('Campus') }).click();
    await campus.signIn(page, name);
    return page;
  };

  const signIn = async (page: Page, { email }: { email: string }) => {
    await page.getByLabel(en.account.email).fill(email);
    await page.getByLabel(en.account.password, { exact: true }).fill(password);
    await page.getByRole('button', { name: en.account.signIn, exact: true }).click();
  };

  const signOut = async (page: Page) => {
    await page.getByRole('button', { name: en.shell.accountMenu }).click();
    await page.getByRole('menuitem', { name: en.shell.signOut }).click();
    await page.getByRole('link', { name: en.account.signIn }).first().waitFor();
  };

  it('with a provider creates an account for a verified address, and a passkey replaces it', async () => {
    const page = await signInAtCampus('eve');
    await page.waitForURL(`${server.url}/`);
    await page.goto(`${server.url}/security`);
    await page.getByText('eve@example.org').waitFor();

    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await page.getByRole('button', { name: en.security.passkeyAdd }).click();
    await page.getByLabel(en.security.passkeyName, { exact: true }).fill('Test key');
    await page.getByRole('dialog').getByRole('button', { name: en.security.passkeyAdd }).click();
    await page.getByRole('button', { name: en.security.recoverySaved }).click();
    await page.getByText('Test key').waitFor();

    await signOut(page);
    await page.goto(`${server.url}/sign-in`);
    await page.getByRole('button', { name: en.security.signInWithPasskey }).click();
    await page.waitForURL(`${server.url}/`);
    const users = await server.admin.api.listUsers({ query: { search: 'eve' } });
    expect(users.users).toMatchObject([{ email: 'eve@example.org', displayName: 'Eve', roles: ['student'] }]);
  });

  it('with a provider opens the account that its owner has linked', async () => {
    const sam = await Person.signUp(server.url, { email: 'sam@example.org', displayName: 'Sam', password });
    const page = await openSignIn();
    await signIn(page, sam.credentials);
    await page.waitForURL(`${server.url}/`);
    await page.goto(`${server.url}/security`);
    await page.getByRole('button', { name: en.security.link('Campus') }).click();
    await campus.signIn(page, 'sammy');
    await page.getByText(en.security.linked('Campus')).waitFor();
    expect(page.url()).toBe(`${server.url}/security`);

    const other = await signInAtCampus('sammy');
    await other.waitForURL(`${server.url}/`);
    await other.goto(`${server.url}/security`);
    await other.getByRole('button', { name: en.shell.accountMenu }).click();
    await other.getByText('sam@example.org').waitFor();
  });

  it('with a provider is refused for an address that is not verified', async () => {
    const page = await signInAtCampus('mallory');
    await page.getByRole('heading', { name: en.security.returnFailed }).waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('has not verified your email address');
    expect(page.url()).toBe(`${server.url}/sign-in/campus`);
    await page.reload();
    await page.getByText(en.security.lostReturn).waitFor();
    expect((await server.admin.api.listUsers({ query: { search: 'Mallory' } })).total).toBe(0);
  });

  it('with a password asks for the code of the authenticator app', async () => {
    const una = await Person.signUp(server.url, { email: 'una@example.org', displayName: 'Una', password });
    const page = await openSignIn();
    await signIn(page, una.credentials);
    await page.waitForURL(`${server.url}/`);
    await page.goto(`${server.url}/security`);
    await page.getByRole('button', { name: en.security.appAdd }).click();
    const secret = await page.getByRole('group', { name: en.security.appSecret }).locator('.copy__value').textContent();
    const totp = new TOTP({ secret: Secret.fromBase32(secret ?? '') });
    // The first code is used up; the next one is accepted before its time.
    const codeOf = (steps: number) => totp.generate({ timestamp: Date.now() + steps * 30_000 });
    await page.getByRole('img', { name: en.security.appQr }).waitFor();
    await page.getByLabel(en.security.appFirstCode).fill(codeOf(0));
    await page.getByRole('button', { name: en.security.appConfirm }).click();
    await page.getByRole('button', { name: en.security.recoverySaved }).click();

    await signOut(page);
    await page.goto(`${server.url}/sign-in`);
    await signIn(page, una.credentials);
    await page.getByLabel(en.security.code).fill('000000');
    await page.getByRole('button', { name: en.security.verify }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel(en.security.code).fill(codeOf(1));
    await page.getByRole('button', { name: en.security.verify }).click();
    await page.waitForURL(`${server.url}/`);
  });
});
