import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '#engine/testing';
import { freePort } from '../../engine/setup/freePort.ts';
import { en } from '../text/en.ts';
import { describeWithOwnServer, it } from './classroomTest.ts';
import { TestServer } from './TestServer.ts';

const words = en.personal;

/** An SMTP server that keeps the links of the mails, by receiver. */
async function startSmtp() {
  const links = new Map<string, string[]>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        // Quoted-printable (RFC 2045 §6.7): soft line breaks, and `=` as `=3D`.
        const content = Buffer.concat(chunks).toString().replace(/=\r\n/g, '').replaceAll('=3D', '=');
        const link = /^(http\S+)\r$/m.exec(content)?.[1];
        for (const { address } of envelope.rcptTo) links.set(address, [...(links.get(address) ?? []), ...(link === undefined ? [] : [link])]);
        done();
      });
    },
  });
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    /** The newest link of a page that was mailed to the address. */
    linkTo: async (address: string, page: string) => {
      const newest = () => links.get(address)?.findLast((link) => link.includes(page));
      await until(`a link to ${page}`, () => newest() !== undefined);
      return newest() ?? '';
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB' });
  return context.newPage();
}

async function signIn(page: Page, url: string, { email, password }: { email: string; password: string }): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel(en.account.email).fill(email);
  await page.getByLabel(en.account.password, { exact: true }).fill(password);
  await page.getByRole('main').getByRole('button', { name: en.account.signIn, exact: true }).click();
  await page.waitForURL(`${url}/`);
}

describeWithOwnServer('a person', () => {
  it('confirms and changes the address by mail, sets a forgotten password, downloads the data, and deletes the account', async ({ browser }) => {
    await using smtp = await startSmtp();
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const settings = { LECTERN_HTTP_PORT: String(port), LECTERN_PUBLIC_URL: url, LECTERN_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, LECTERN_MAIL_FROM: 'Lectern <lectern@example.org>' };
    await using stack = new AsyncDisposableStack();
    const server = stack.adopt(await TestServer.start({ settings }), (each) => each.close());
    const page = await openPage(browser);
    stack.defer(() => page.context().close());
    const sam = { displayName: 'Sam', email: 'sam@example.org', password: 'quiet otters build boats' };
    await page.goto(`${url}/sign-up`);
    await page.getByLabel(en.account.name, { exact: true }).fill(sam.displayName);
    await page.getByLabel(en.account.email).fill(sam.email);
    await page.getByLabel(en.account.password, { exact: true }).fill(sam.password);
    await page.getByRole('main').getByRole('button', { name: en.account.signUp }).click();
    await page.waitForURL(`${url}/`);

    await page.goto(`${url}/profile`);
    await page.getByText(words.email.unverified, { exact: true }).waitFor();
    await page.goto(await smtp.linkTo(sam.email, '/verify-email'));
    await page.getByRole('button', { name: words.verify.action }).click();
    await page.getByRole('link', { name: words.toProfile }).click();
    await page.getByText(words.email.verified, { exact: true }).waitFor();

    await page.getByRole('button', { name: words.email.change }).click();
    await page.getByLabel(words.email.newEmail).fill('sam@new.example');
    const form = page.locator('form').filter({ hasText: words.email.begin });
    await form.getByLabel(en.account.currentPassword, { exact: true }).fill(sam.password);
    await form.getByRole('button', { name: words.email.begin }).click();
    await page.getByText(words.email.waiting).first().waitFor();
    for (const [address, title] of [['sam@new.example', words.confirm.halfTitle], [sam.email, words.confirm.doneTitle]] as const) {
      await page.goto(await smtp.linkTo(address, '/confirm-address'));
      await page.reload();
      await page.getByRole('button', { name: words.confirm.action }).click();
      await page.getByRole('heading', { name: title }).waitFor();
    }

    const email = 'sam@new.example';
    await page.goto(`${url}/forgot-password`);
    await page.getByLabel(en.account.email).fill(email);
    await page.getByRole('button', { name: words.forgot.action }).click();
    await page.getByRole('heading', { name: words.forgot.doneTitle }).waitFor();
    await page.goto(await smtp.linkTo(email, '/reset-password'));
    await page.reload();
    await page.getByLabel(en.account.newPassword, { exact: true }).fill('loud foxes mend roofs');
    await page.getByRole('button', { name: words.reset.action }).click();
    await page.getByRole('heading', { name: words.reset.doneTitle }).waitFor();
    await signIn(page, url, { email, password: 'loud foxes mend roofs' });

    await page.goto(`${url}/my-data`);
    await page.getByRole('button', { name: words.exports.action }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: words.exports.download }).click()]);
    expect(download.suggestedFilename()).toMatch(/^lectern-.*\.zip$/);
    expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe('PK');

    await page.goto(`${url}/delete-account`);
    await page.getByRole('button', { name: words.remove.action }).click();
    await page.getByRole('dialog').getByRole('button', { name: words.remove.action }).click();
    await page.getByRole('heading', { name: words.remove.doneTitle }).waitFor();
    const find = async () => (await server.admin.api.listUsers({ query: { search: email } })).users[0];
    expect(await find()).toMatchObject({ isDeactivated: true });
    await signIn(page, url, { email, password: 'loud foxes mend roofs' });
    expect(await find()).toMatchObject({ isDeactivated: false, eraseAfter: null });
  });
});
