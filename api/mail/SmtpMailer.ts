// Responsible for handing mails to an SMTP server, each on a connection of its own, which it closes.
import { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Clock } from '#engine/kernel';
import { connectTimeoutMs, mailDeadlineMs, silenceTimeoutMs } from './limits.ts';
import { MailRefusedError } from './Mailer.ts';
import type { Mailer, OutgoingMail } from './Mailer.ts';

export interface SmtpMailerOptions {
  /** `smtp://` (with STARTTLS if the server offers it) or `smtps://`, with user name and password if the server asks for them. */
  url: string;
  /** The sender: `Lectern <lectern@example.org>` or an address. */
  from: string;
  clock: Clock;
  /** PEM; those of the system when left out. */
  ca?: string;
}

const defaultPorts: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Over SMTP (RFC 5321). Certificates are checked, and a password is sent over TLS only, except to this machine. */
export class SmtpMailer implements Mailer {
  readonly #options: SmtpMailerOptions;
  readonly #server: URL;

  constructor(options: SmtpMailerOptions) {
    this.#options = options;
    this.#server = new URL(options.url);
  }

  async send({ to, subject, text, html }: OutgoingMail, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { from, clock } = this.#options;
    // Its own socket, so that it can be closed whatever the server does.
    const socket = new Socket();
    const cancelled = Promise.withResolvers<never>();
    const cancel = (reason: Error) => {
      cancelled.reject(reason);
      socket.destroy();
    };
    const onAbort = () => cancel(new Error('sending the mail was stopped'));
    const cancelDeadline = clock.after(mailDeadlineMs, () => cancel(new Error('the SMTP server took too long')));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#transport(socket).sendMail({ from, to, subject, text, html, headers: { 'Auto-Submitted': 'auto-generated' } }), cancelled.promise]);
    } catch (err) {
      throw withoutAddress(err);
    } finally {
      cancelDeadline();
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
    }
  }

  #transport(socket: Socket) {
    const { protocol, hostname, port, username, password } = this.#server;
    const hasPassword = username !== '' || password !== '';
    return createTransport({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (defaultPorts[protocol] ?? 587) : Number(port),
      secure: protocol === 'smtps:',
      requireTLS: protocol === 'smtp:' && hasPassword && !loopback.has(hostname),
      ...(hasPassword && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      tls: { minVersion: 'TLSv1.2', ...(this.#options.ca !== undefined && { ca: this.#options.ca }) },
      socket,
      connectionTimeout: connectTimeoutMs,
      dnsTimeout: connectTimeoutMs,
      greetingTimeout: silenceTimeoutMs,
      socketTimeout: silenceTimeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}

/** Servers repeat the address in their answers, and an error is logged and stored. */
function withoutAddress(err: unknown): Error {
  const { code, responseCode } = (err ?? {}) as { code?: unknown; responseCode?: unknown };
  if (typeof code !== 'string') return err instanceof Error ? err : new Error('the mail was not sent');
  const status = typeof responseCode === 'number' ? responseCode : undefined;
  const message = `the SMTP server did not take the mail: ${code}${status === undefined ? '' : ` ${status}`}`;
  // RFC 5321 §4.2.1: 5yz is permanent. A failed login is about the settings, not about this mail.
  const isPermanent = status !== undefined && status >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return isPermanent ? new MailRefusedError(message) : new Error(message);
}
