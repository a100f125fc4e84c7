import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import path from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import * as z from 'zod';
import { InProcessBus, JobAdministration, jobKind, JobQueue, JobWorker, newId, systemClock } from '#engine/kernel';
import type { UserId } from '#engine/contract';
import { declaredCollections, ManualClock, openTestDatabase, silentLogger, until } from '#engine/testing';
import { mailDeadlineMs } from './limits.ts';
import { MailQueue, MailRefusedError, MailStore, sendMails, SmtpMailer } from './index.ts';
import type { OutgoingMail } from './index.ts';

const certFolder = path.join(import.meta.dirname, '../testing');
const mail: OutgoingMail = { to: 'sam@example.org', subject: 'Größe', text: 'Hello Sam,\n\nhttps://lectern.example.org/verify-email#token', html: '<p>Hello Sam</p>' };
const otherJobs = jobKind('test.other', { data: z.null() });
const never = new AbortController().signal;

interface Received {
  from: string;
  to: string[];
  content: string;
  isSecure: boolean;
  user: string | undefined;
}

/** An SMTP server that keeps what it receives. */
async function startSmtp(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    ...options,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), content: Buffer.concat(chunks).toString(), isSecure: session.secure, user: session.user });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)));
  return { received, port: (listener.address() as AddressInfo).port };
}

/** A server that takes connections and behaves as the test says. */
async function startTcp(onConnection: (socket: Socket) => void): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket)).resume();
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

const mailer = (url: string, options: { ca?: string; clock?: ManualClock } = {}) => new SmtpMailer({ url, from: 'Lectern <lectern@example.org>', clock: options.clock ?? systemClock, ...(options.ca !== undefined && { ca: options.ca }) });

async function tls() {
  const [key, cert] = await Promise.all([readFile(path.join(certFolder, 'localhost-key.pem'), 'utf8'), readFile(path.join(certFolder, 'localhost-cert.pem'), 'utf8')]);
  return { key, cert };
}

describe('a mail over SMTP', () => {
  it('arrives as plain text and HTML', async () => {
    const { port, received } = await startSmtp();
    await mailer(`smtp://127.0.0.1:${port}`).send(mail, never);
    expect(received).toMatchObject([{ from: 'lectern@example.org', to: ['sam@example.org'], isSecure: false }]);
    const content = received[0]?.content ?? '';
    for (const part of ['From: Lectern <lectern@example.org>', 'Auto-Submitted: auto-generated', 'multipart/alternative', 'text/plain', 'text/html', 'https://lectern.example.org/verify-email']) expect(content).toContain(part);
  });

  it('travels over TLS with user name and password, from the start and by STARTTLS', async () => {
    const { key, cert } = await tls();
    const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _session, done) => (username === 'lec@x' && password === 'p:/ss' ? done(null, { user: username }) : done(new Error('wrong')));
    for (const [scheme, secure] of [['smtps', true], ['smtp', false]] as const) {
      const { port, received } = await startSmtp({ key, cert, secure, disabledCommands: [], onAuth });
      await mailer(`${scheme}://lec%40x:p%3A%2Fss@localhost:${port}`, { ca: cert }).send(mail, never);
      expect(received).toMatchObject([{ isSecure: true, user: 'lec@x' }]);
    }
  });

  it('is not sent to a server whose certificate nobody has signed', async () => {
    const { key, cert } = await tls();
    const { port, received } = await startSmtp({ key, cert, secure: true });
    await expect(mailer(`smtps://localhost:${port}`).send(mail, never)).rejects.toThrow(/did not take the mail/);
    expect(received).toEqual([]);
  });

  it('that is refused for good says so, without the address', async () => {
    const { port } = await startSmtp({ onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no sam@example.org here'), { responseCode: 550 })) });
    const refused = await mailer(`smtp://127.0.0.1:${port}`).send(mail, never).catch((err: unknown) => err);
    expect(refused).toBeInstanceOf(MailRefusedError);
    expect(String(refused)).not.toContain('sam@');
  });

  it('can be tried again when the server asks for that, is not there, or refuses the password', async () => {
    const busy = await startSmtp({ onRcptTo: (_address, _session, done) => done(Object.assign(new Error('grey-listed'), { responseCode: 451 })) });
    const { key, cert } = await tls();
    const closed = await startSmtp({ key, cert, disabledCommands: [], onAuth: (_auth, _session, done) => done(Object.assign(new Error('no'), { responseCode: 535 })) });
    const gone = await startTcp((socket) => socket.destroy());
    for (const url of [`smtp://127.0.0.1:${busy.port}`, `smtp://user:wrong@localhost:${closed.port}`, `smtp://127.0.0.1:${gone.port}`]) {
      const failed = await mailer(url, { ca: cert }).send(mail, never).catch((err: unknown) => err);
      expect(failed).toBeInstanceOf(Error);
      expect(failed).not.toBeInstanceOf(MailRefusedError);
    }
  });

  it('is given up after a time when the server says nothing, or one byte after the other, and the connection is closed', async () => {
    for (const behave of [() => undefined, (socket: Socket) => void socket.write('2')]) {
      const clock = new ManualClock();
      const { port, sockets } = await startTcp(behave);
      const sending = mailer(`smtp://127.0.0.1:${port}`, { clock }).send(mail, never).catch((err: unknown) => String(err));
      await until('the connection', () => sockets.size === 1);
      clock.advance(mailDeadlineMs);
      expect(await sending).toContain('took too long');
      await until('its end', () => sockets.size === 0);
    }
  });

  it('is stopped with its job', async () => {
    const { port, sockets } = await startTcp(() => undefined);
    const stop = new AbortController();
    const sending = mailer(`smtp://127.0.0.1:${port}`).send(mail, stop.signal).catch((err: unknown) => String(err));
    await until('the connection', () => sockets.size === 1);
    stop.abort();
    expect(await sending).toContain('stopped');
    await until('its end', () => sockets.size === 0);
  });
});

describe('the queue of mails', () => {
  /** A worker with one place for jobs, on a site whose SMTP server is at this address. */
  async function startWorker(url: string) {
    const database = declaredCollections(await openTestDatabase());
    const bus = new InProcessBus({ clock: systemClock, logger: silentLogger });
    const jobs = new JobQueue({ database, bus, clock: systemClock });
    const store = new MailStore(database);
    const worker = new JobWorker({ queue: jobs, bus, clock: systemClock, logger: silentLogger, maxJobs: 1 });
    const receiverOf = async () => ({ displayName: 'Sam', email: 'sam@example.org', isEmailVerified: true });
    worker.handle(sendMails({ store, mailer: mailer(url), printsLinks: true, courseTitleOf: async () => undefined, receiverOf, tokenOf: async () => 'token', siteUrl: 'https://lectern.example.org', logger: silentLogger }));
    onTestFinished(async () => {
      await worker.close();
      await bus.close();
      await database.close();
    });
    const queue = new MailQueue({ store, jobs, clock: systemClock });
    const add = () => queue.add({ userId: newId('usr') as UserId, template: 'passwordChanged', path: '/' });
    const failed = async () => (await new JobAdministration({ database, bus, clock: systemClock }).list('delayed')).jobs;
    return { worker, jobs, add, failed, countMails: () => database.declared('mails').countDocuments({}) };
  }

  it('delivers each mail, and forgets it', async () => {
    const { port, received } = await startSmtp();
    const { worker, countMails, add } = await startWorker(`smtp://127.0.0.1:${port}`);
    await worker.start();
    for (let i = 0; i < 10; i += 1) await add();
    await until('ten mails', () => received.length === 10);
    await until('the rows to be removed', async () => (await countMails()) === 0);
    expect(received[0]?.content).toContain('Subject: Your password was changed');
  });

  it('holds up no other job while the server hangs', async () => {
    const { port, sockets } = await startTcp(() => undefined);
    const { worker, jobs, add } = await startWorker(`smtp://127.0.0.1:${port}`);
    const done: string[] = [];
    worker.handle({ kind: otherJobs, concurrency: 1, run: async ({ key }) => void done.push(key) });
    for (let i = 0; i < 10; i += 1) await add();
    await worker.start();
    await until('four connections', () => sockets.size === 4);
    for (const key of ['a', 'b', 'c']) await jobs.add(otherJobs, { key, data: null });
    await until('the other jobs', () => done.length === 3);
    expect(sockets.size).toBe(4);
  });

  it('keeps the mail of a server that fails, with an error that names nobody', async () => {
    const { port } = await startTcp((socket) => socket.end('421 sam@example.org: go away\r\n'));
    const { worker, failed, countMails, add } = await startWorker(`smtp://127.0.0.1:${port}`);
    await add();
    await worker.start();
    await until('the failure', async () => (await failed()).length === 1);
    expect(JSON.stringify(await failed())).not.toContain('sam@');
    expect(await countMails()).toBe(1);
  });
});
